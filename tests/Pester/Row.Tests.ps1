#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # In the order of their seeds.
    function Get-Sent {
        (Get-Ledger).jobs | Sort-Object seed | ForEach-Object { "$($_.prompt)|$($_.steps)|$($_.guidance)|$($_.seed)|$($_.image_format)|$($_.quality)" }
    }
}
AfterAll { Stop-Session }

Describe 'Rows of a CSV file' -Tag 'Row' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png', 'c.png'
    }

    It 'have every parameter of an edit' {
        'Path,Prompt,Steps,Guidance,Seed,ImageFormat,Quality,Model,DestinationPath',
        'a.png,"Change ""1000$"" to ""5$"", in red",12,4.5,42,webp,80,qwen-image-edit-fast,out/red.webp',
        'b.png,换成蓝色,20,25,999999999999999,Jpeg,100,qwen-image-edit-fast,out/' | Set-Content edits.csv -Encoding utf8

        # That the emulator sends the same image back, whatever its format should be, is a warning.
        $results = Import-Csv edits.csv -Encoding utf8 | Invoke-QwenImageEdit -WarningAction SilentlyContinue

        Get-Sent | Should -Be 'Change "1000$" to "5$", in red|12|4.5|42|webp|80', '换成蓝色|20|25|999999999999999|jpeg|100'
        $results.Destination | Sort-Object | Should -Be (Get-FullName 'out/b.jpeg', 'out/red.webp' | ForEach-Object { [System.IO.Path]::GetFullPath($_) })
    }

    It 'mean the default by an empty cell' {
        'Path,Prompt,Steps,Guidance,Seed,ImageFormat,Quality,Model,DestinationPath', 'a.png,Make it red,,,,,,,' | Set-Content edits.csv

        $result = Import-Csv edits.csv | Invoke-QwenImageEdit

        Get-Sent | Should -Be 'Make it red|8|1|760941192|png|90'
        $result.Destination | Should -Be (Get-FullName 'a-edited.png')
    }

    It 'leave no value to the next row' {
        'Path,Prompt,Steps,Seed,DestinationPath', 'a.png,Make it red,12,42,out/red.png', 'b.png,Make it blue,,,' | Set-Content edits.csv

        $results = Import-Csv edits.csv | Invoke-QwenImageEdit -ThrottleLimit 1

        Get-Sent | Should -Be 'Make it red|12|1|42|png|90', 'Make it blue|8|1|760941192|png|90'
        $results.Destination | Split-Path -Leaf | Should -Be 'red.png', 'b-edited.png'
    }

    It 'are overruled by a parameter of the command' {
        'Path,Prompt,DestinationPath', 'a.png,Make it red,red.png', 'b.png,Make it blue,' | Set-Content edits.csv

        $null = Import-Csv edits.csv | Invoke-QwenImageEdit -Seed 7 -DestinationPath out -Prompt 'Make it green'

        Get-Sent | Should -Be 'Make it green|8|1|7|png|90', 'Make it green|8|1|7|png|90'
        Get-RelativeFile | Should -Be 'a.png', 'b.png', 'c.png', 'edits.csv', 'out/a.png', 'out/b.png'
    }

    It 'may hold an address in the column <Column>' -ForEach @(
        @{ Column = 'Path'; Rows = 'a.png,Make it red', 'https://images.example/d.png,Make it blue'; Files = 'out/a.png', 'out/d.png' }
        @{ Column = 'Uri'; Rows = 'https://images.example/e.png,Make it red', 'https://images.example/f.png,Make it blue'; Files = 'out/e.png', 'out/f.png' }
    ) {
        @("$Column,Prompt") + $Rows | Set-Content edits.csv

        (Import-Csv edits.csv | Invoke-QwenImageEdit -DestinationPath out).Source | Sort-Object |
            Should -Be (Import-Csv edits.csv | ForEach-Object { if ($_.$Column -like 'http*') { $_.$Column } else { Get-FullName $_.$Column } } | Sort-Object)
        (Get-Ledger).jobs.prompt | Sort-Object | Should -Be 'Make it blue', 'Make it red'
        (Get-RelativeFile) -like 'out/*' | Should -Be $Files
    }

    It 'are one error for a bad cell, and the other rows go on: <Column> "<Value>"' -ForEach @(
        @{ Column = 'Steps'; Value = '0' }
        @{ Column = 'Steps'; Value = 'many' }
        @{ Column = 'Seed'; Value = '-2' }
        @{ Column = 'Quality'; Value = '101' }
        @{ Column = 'ImageFormat'; Value = 'Gif' }
        @{ Column = 'Guidance'; Value = '0.5' }
        @{ Column = 'Prompt'; Value = '' }
        @{ Column = 'Prompt'; Value = ' ' }
        @{ Column = 'Path'; Value = 'missing.png' }
        @{ Column = 'Path'; Value = '' }
    ) {
        foreach ($name in 'a', 'b', 'c') {
            $row = [ordered] @{ Path = "$name.png"; Prompt = 'Make it red'; Steps = ''; Seed = ''; Quality = ''; ImageFormat = ''; Guidance = '' }
            if ($name -eq 'b') {
                $row[$Column] = $Value
            }
            [pscustomobject] $row | Export-Csv edits.csv -Append -NoTypeInformation
        }

        $run = Invoke-Script { Import-Csv edits.csv | Invoke-QwenImageEdit }

        $run.Errors | Should -HaveCount 1
        $run.Output.Source | Sort-Object | Should -Be (Get-FullName 'a.png', 'c.png')
    }

    It 'are errors that name the delimiter where semicolons separate the columns: <Command>' -ForEach @(
        @{ Command = { Import-Csv edits.csv | Invoke-QwenImageEdit } }
        @{ Command = { Import-Csv edits.csv | Invoke-QwenImageEdit -Prompt 'Make it red' } }
    ) {
        'Path;Prompt;Seed', 'a.png;Make it red;42', 'b.png;Make it blue;7' | Set-Content edits.csv

        $script = Invoke-Script $Command

        $script.ErrorIds | Should -Be (Get-ErrorId InvalidRow), (Get-ErrorId InvalidRow)
        "$($script.Errors[0])" | Should -BeLike "Row 1 *'Path;Prompt;Seed'*separated by semicolons*Import-Csv -Delimiter ';'.*"
        "$($script.Errors[0])" | Should -Not -BeLike '*there is no Prompt*'
        (Get-Ledger).jobs | Should -BeNullOrEmpty
        (Import-Csv edits.csv -Delimiter ';' | Invoke-QwenImageEdit).Status | Should -Be 'Received', 'Received'
    }

    It 'name the image by <Column>, where others are empty' -ForEach @(
        @{ Column = 'LiteralPath'; Image = 'a.png' }
        @{ Column = 'PSPath'; Image = 'a.png' }
        @{ Column = 'LP'; Image = 'a.png' }
        @{ Column = 'Path'; Image = 'a.png' }
        @{ Column = 'Uri'; Image = 'https://images.example/a.png' }
    ) {
        $row = [ordered] @{ LiteralPath = ''; PSPath = ' '; LP = ''; Path = ''; Uri = ''; Prompt = 'Make it red' }
        $row[$Column] = $Image
        [pscustomobject] $row | Export-Csv edits.csv -NoTypeInformation

        (Import-Csv edits.csv | Invoke-QwenImageEdit -DestinationPath out).Destination | Should -Be ([System.IO.Path]::GetFullPath((Get-FullName 'out/a.png')))
    }

    It 'have numbers that are read the same in every country' {
        'Path,Prompt,Guidance', 'a.png,Make it red,4.5' | Set-Content edits.csv
        $culture = [System.Threading.Thread]::CurrentThread.CurrentCulture
        try {
            [System.Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'
            $null = Import-Csv edits.csv | Invoke-QwenImageEdit
        }
        finally {
            [System.Threading.Thread]::CurrentThread.CurrentCulture = $culture
        }

        (Get-Ledger).jobs.guidance | Should -Be 4.5
    }
}

Describe 'Objects with properties' -Tag 'Row' {
    BeforeEach { Reset-Session }

    It 'may be files with a prompt of their own' {
        New-Image 'poster [final].png'

        $result = Get-ChildItem | Add-Member Prompt 'Make it red' -PassThru | Invoke-QwenImageEdit

        $result.Source | Should -Be (Get-FullName 'poster [final].png')
    }

    It 'leave nothing to the next call, where PowerShell can not bind them: <Name>' -ForEach @(
        @{ Name = 'a property that throws'; Member = { [pscustomobject]@{ PSPath = (Get-Item a.png).FullName } | Add-Member ScriptProperty Seed { throw 'no' } -PassThru } }
        @{ Name = 'no path'; Member = { [pscustomobject]@{ Path = @() } | Add-Member ScriptProperty Seed { throw 'no' } -PassThru } }
    ) {
        New-Image 'a.png', 'b.png'
        { & $Member | Invoke-QwenImageEdit -Prompt first -DestinationPath out/ -ErrorAction Stop } | Should -Throw

        $result = Invoke-QwenImageEdit -LiteralPath b.png -Prompt second -DestinationPath out/

        $result.Source | Should -Be (Get-FullName b.png)
        $result.Status | Should -Be Received
        (Get-Ledger).jobs.prompt | Should -Be second
    }

    It 'may be results, for the next edit' {
        New-Image 'a.png'

        $null = Invoke-QwenImageEdit a.png 'Make it red' | Invoke-QwenImageEdit -Prompt 'Make it blue' -DestinationPath blue.png

        (Get-Ledger).jobs.prompt | Should -Be 'Make it red', 'Make it blue'
        Get-RelativeFile | Should -Be 'a-edited.png', 'a.png', 'blue.png'
    }
}

Describe 'Script blocks as arguments' -Tag 'Row' {
    BeforeEach {
        Reset-Session
        New-Image '1.png', '2.png', '3.png'
    }

    It 'make any parameter of an edit from each file' {
        $results = Get-ChildItem [12].png | Invoke-QwenImageEdit -Prompt { "No. $($_.BaseName)" } -Seed { [long] $_.BaseName } -Steps { 3 + $_.BaseName } `
            -Quality { 80 } -ImageFormat { 'Webp' } -Guidance { 4 } -DestinationPath { "out/$($_.BaseName)-red.webp" } -WarningAction SilentlyContinue

        Get-Sent | Should -Be 'No. 1|4|4|1|webp|80', 'No. 2|5|4|2|webp|80'
        (Get-RelativeFile) -like 'out/*' | Should -Be 'out/1-red.webp', 'out/2-red.webp'
        $results.Destination | Split-Path -Leaf | Sort-Object | Should -Be '1-red.webp', '2-red.webp'
    }

    It 'make the image of each record: -<Name>' -ForEach @(
        @{ Name = 'Path'; Value = { "$($_.Number).png" } }
        @{ Name = 'LiteralPath'; Value = { "$($_.Number).png" } }
        @{ Name = 'Uri'; Value = { "https://images.example/$($_.Number).png" } }
    ) {
        $image = @{ $Name = $Value }

        $results = 1, 2 | ForEach-Object { [pscustomobject] @{ Number = $_ } } | Invoke-QwenImageEdit @image -Prompt 'Make it red' -DestinationPath out/

        $results.Source | Split-Path -Leaf | Sort-Object | Should -Be '1.png', '2.png'
    }

    It 'outrank the path of the file that they are given' {
        $results = Get-ChildItem [12].png | Invoke-QwenImageEdit -Path { '3.png' } -Prompt 'Make it red' -DestinationPath { "of-$($_.Name)" }

        $results.Source | Split-Path -Leaf | Should -Be '3.png', '3.png'
    }

    It 'are one error for an image for which they fail' {
        $run = Invoke-Script {
            Get-ChildItem | Invoke-QwenImageEdit -Prompt { if ($_.Name -eq '2.png') { throw 'no words for 2' }; 'Make it red' }
        }

        $run.Errors | Should -HaveCount 1
        "$($run.Errors[0])" | Should -BeLike '*no words for 2*'
        $run.Output.Source | Sort-Object | Should -Be (Get-FullName '1.png', '3.png')
    }

    It 'are one error for each image for which they make a wrong destination' {
        $run = Invoke-Script { Get-ChildItem [12].png | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath { "$($_.BaseName).jpg" } }

        $run.ErrorIds | Should -Be (Get-ErrorId DestinationFormatMismatch), (Get-ErrorId DestinationFormatMismatch)
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }
}
