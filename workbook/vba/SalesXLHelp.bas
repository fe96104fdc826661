Attribute VB_Name = "SalesXLHelp"
Option Explicit
' Texts in the user's language, and the function wizard's help. Both stand in the sheet
' salesxl_texts: VBA source is kept in a Windows code page and cannot hold Chinese.

Private Const TEXTS As String = "salesxl_texts"
Private Const OWN_LANGUAGE As String = "salesxl_lang" ' custom property
Private Const UI_LANGUAGE As Long = 2 ' msoLanguageIDUI
Private Const PRIMARY As Long = &H3FF
Private Const CHINESE As Long = 4

' "zh" or "en": the language this workbook names, else the user's choice, else Excel's own.
Public Function SalesXLLanguage() As String
    Dim chosen As String
    chosen = OwnLanguage()
    If chosen = "" Then chosen = LCase$(CStr(GetConfig("LANGUAGE", "", "user")))
    If chosen = "zh" Or chosen = "en" Then
        SalesXLLanguage = chosen
    ElseIf (Application.LanguageSettings.LanguageID(UI_LANGUAGE) And PRIMARY) = CHINESE Then
        SalesXLLanguage = "zh"
    Else
        SalesXLLanguage = "en"
    End If
End Function

Private Function OwnLanguage() As String
    On Error GoTo unnamed
    OwnLanguage = LCase$(CStr(ThisWorkbook.CustomDocumentProperties(OWN_LANGUAGE).Value))
unnamed:
End Function

' A workbook that names its language keeps another choice; an add-in names none.
Public Sub SalesXLKeepLanguage(ByVal wanted As String)
    On Error GoTo unnamed
    ThisWorkbook.CustomDocumentProperties(OWN_LANGUAGE).Value = wanted
unnamed:
End Sub

' The text of that key; empty where there is none.
Public Function SalesXLText(ByVal key As String) As String
    Dim table As Variant
    Dim line As Long
    table = ThisWorkbook.Worksheets(TEXTS).UsedRange.Value
    For line = 1 To UBound(table, 1)
        If table(line, 1) = "text" And table(line, 2) = key Then
            SalesXLText = CStr(table(line, IIf(SalesXLLanguage() = "zh", 3, 4)))
            Exit Function
        End If
    Next line
End Function

' Category and help of every function, for the function wizard.
Public Sub SalesXLRegisterHelp()
    Dim wasSaved As Boolean
    wasSaved = ThisWorkbook.Saved
    If Not DescribeAll() Then
        ' Some versions of Excel refuse to describe the functions of a hidden workbook.
        If ThisWorkbook.IsAddin Then
            Application.ScreenUpdating = False
            ThisWorkbook.IsAddin = False
            DescribeAll
            ThisWorkbook.IsAddin = True
            Application.ScreenUpdating = True
        End If
    End If
    ThisWorkbook.Saved = wasSaved
End Sub

Private Function DescribeAll() As Boolean
    Dim table As Variant
    Dim line As Long
    Dim shift As Long
    On Error GoTo refused
    table = ThisWorkbook.Worksheets(TEXTS).UsedRange.Value
    shift = IIf(SalesXLLanguage() = "zh", 0, 1)
    For line = 1 To UBound(table, 1)
        If table(line, 1) = "function" Then DescribeOne table, line, shift
    Next line
    DescribeAll = True
    Exit Function
refused:
    DescribeAll = False
End Function

Private Sub DescribeOne(table As Variant, ByVal line As Long, ByVal shift As Long)
    Dim helps() As String
    Dim count As Long
    Dim index As Long
    count = CLng(table(line, 7))
    ReDim helps(1 To count)
    For index = 1 To count
        helps(index) = CStr(table(line, 6 + 2 * index + shift))
    Next index
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!" & CStr(table(line, 2)), _
        Description:=CStr(table(line, 5 + shift)), _
        Category:=CStr(table(line, 3 + shift)), _
        ArgumentDescriptions:=helps
End Sub
