Attribute VB_Name = "SalesXLRibbon"
Option Explicit
' The ribbon's captions and buttons; ribbon.toml names them.

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

Public Sub SalesXLShowFunctions(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    Application.Dialogs(FUNCTION_WIZARD).Show
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

Public Sub SalesXLSwitchLanguage(control As IRibbonControl)
    Dim wanted As String
    wanted = IIf(SalesXLLanguage() = "zh", "en", "zh")
    SaveConfigToFile GetConfigFilePath(), "LANGUAGE", wanted
    SalesXLRegisterHelp
    If Not held Is Nothing Then held.Invalidate
End Sub
