Attribute VB_Name = "SalesXLRibbon"
Option Explicit
' The ribbon's captions and buttons. Made from ribbon.toml: python scripts/generate.py

Private Const FUNCTION_WIZARD As Long = 450 ' xlDialogFunctionWizard
Private held As IRibbonUI

Public Sub SalesXLOnLoad(ribbon As IRibbonUI)
    Set held = ribbon
End Sub

Public Sub SalesXLLabel(control As IRibbonControl, ByRef answer As Variant)
    answer = SalesXLText(control.ID & ".label")
End Sub

Public Sub SalesXLScreentip(control As IRibbonControl, ByRef answer As Variant)
    answer = SalesXLText(control.ID & ".label")
End Sub

Public Sub SalesXLSupertip(control As IRibbonControl, ByRef answer As Variant)
    answer = SalesXLText(control.ID & ".tip")
End Sub

Public Sub SalesXLSplit(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('targets.split')"
End Sub

Public Sub SalesXLRest(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('rest.resplit')"
End Sub

Public Sub SalesXLLock(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('targets.lock')"
End Sub

Public Sub SalesXLExplain(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('targets.explain')"
End Sub

Public Sub SalesXLCheckSums(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('targets.check_sums')"
End Sub

Public Sub SalesXLPay(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('pay.recalculate')"
End Sub

Public Sub SalesXLStatement(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('pay.statement')"
End Sub

Public Sub SalesXLWhatIf(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('pay.what_if')"
End Sub

Public Sub SalesXLClose(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('pay.close')"
End Sub

Public Sub SalesXLGrade(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('customers.grade')"
End Sub

Public Sub SalesXLVisits(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('customers.visits')"
End Sub

Public Sub SalesXLScore(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('customers.score')"
End Sub

Public Sub SalesXLImport(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('data.import_ledger')"
End Sub

Public Sub SalesXLRefresh(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('data.refresh')"
End Sub

Public Sub SalesXLGenerate(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('batch.generate')"
End Sub

Public Sub SalesXLCollect(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('batch.collect')"
End Sub

Public Sub SalesXLCheckWorkbook(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('toolbox.check_workbook')"
End Sub

Public Sub SalesXLShowFunctions(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    Application.Dialogs(FUNCTION_WIZARD).Show
End Sub

Public Sub SalesXLSettings(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('toolbox.settings')"
End Sub

Public Sub SalesXLSwitchLanguage(control As IRibbonControl)
    Dim wanted As String
    wanted = IIf(SalesXLLanguage() = "zh", "en", "zh")
    SaveConfigToFile GetConfigFilePath(), "LANGUAGE", wanted
    SalesXLKeepLanguage wanted
    SalesXLRegisterHelp
    If Not held Is Nothing Then held.Invalidate
End Sub

Public Sub SalesXLHelpPage(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('toolbox.help_page')"
End Sub

Public Sub SalesXLSelfTest(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel.macros import session; session.run('toolbox.self_test')"
End Sub

Public Sub SalesXLCheckSetup(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunPython "from salesxl.hosts.excel import tools; tools.check_setup()"
End Sub

Public Sub SalesXLRestartPython(control As IRibbonControl)
    #If Not Mac Then
        KillPy
    #End If
End Sub
