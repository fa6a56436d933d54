#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'Rows that can not become edits' -Tag 'Count' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
    }

    It 'are counted, and say which row it is and why: <Row>' -ForEach @(
        @{ Row = 'b.png,Make it red,99'; Message = "*Row 2 (*b.png): Steps '99' is not from 1 to 20.*" }
        @{ Row = 'b.png,Make it red,many'; Message = "*Row 2 (*b.png): Steps 'many' is not a whole number.*" }
        @{ Row = 'b.png,,'; Message = '*Row 2 (*b.png): there is no Prompt.*' }
        @{ Row = 'b.png,"  ",'; Message = '*Row 2 (*b.png): there is no Prompt.*' }
        @{ Row = ',Make it red,'; Message = '*Row 2 (*): there is no image*' }
        @{ Row = ' ,,0'; Message = "*Row 2 (*): Steps '0' is not from 1 to 20; there is no image*; there is no Prompt.*" }
    ) {
        'Path,Prompt,Steps', 'a.png,Make it red,', $Row, 'b.png,Make it blue,' | Set-Content edits.csv

        $script = Invoke-Script { Import-Csv edits.csv | Invoke-QwenImageEdit -RunVariable script:run -DestinationPath { "out/$($_.Prompt).png" } }

        $script.ErrorIds | Should -Be (Get-ErrorId InvalidRow)
        "$($script.Errors[0])" | Should -BeLike $Message
        $script.Output.Prompt | Sort-Object | Should -Be 'Make it blue', 'Make it red'
        $run.Total, $run.Received, $run.InvalidInput, $run.ExitCode | Should -Be 3, 2, 1, 1
    }

    It 'are counted where a header is wrong' {
        'Pfad,Prompt', 'a.png,Make it red', 'b.png,Make it red' | Set-Content edits.csv

        $script = Invoke-Script { Import-Csv edits.csv | Invoke-QwenImageEdit -RunVariable script:run }

        $script.ErrorIds | Should -Be (Get-ErrorId InvalidRow), (Get-ErrorId InvalidRow)
        "$($script.Errors[1])" | Should -BeLike '*Row 2*no Path, LiteralPath or Uri but Pfad, Prompt.*'
        $run.Total, $run.InvalidInput, $run.ExitCode | Should -Be 2, 2, 1
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'are counted whatever they are' {
        $script = Invoke-Script { $null, '', 5, @{ Path = 'a.png' }, 'a.png' | Invoke-QwenImageEdit -Prompt 'Make it red' -RunVariable script:run }

        $script.ErrorIds | Should -Be (@(Get-ErrorId InvalidRow) * 4)
        $run.Total, $run.Received, $run.InvalidInput | Should -Be 5, 1, 4
    }

    It 'are counted of files without a prompt, and of files where the image is given already' {
        $first = Invoke-Script { Get-ChildItem *.png | Invoke-QwenImageEdit -RunVariable script:run }
        $run.InvalidInput, $run.Total, $run.ExitCode | Should -Be 2, 2, 1
        $second = Invoke-Script { Get-ChildItem *.png | Invoke-QwenImageEdit -Path a.png -Prompt 'Make it red' -RunVariable script:run }
        $run.InvalidInput, $run.Total | Should -Be 2, 2

        $first.ErrorIds + $second.ErrorIds | Should -Be (@(Get-ErrorId InvalidRow) * 4)
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'are problems of Measure-QwenImageEdit' {
        'Path,Prompt,Steps', 'a.png,Make it red,', 'b.png,Make it red,99' | Set-Content edits.csv

        $forecast = Import-Csv edits.csv | Measure-QwenImageEdit

        $forecast.Images, $forecast.ToSubmit | Should -Be 2, 1
        $forecast.Problems | Should -BeLike "*Row 2*99*"
    }
}

Describe 'Records that PowerShell can not bind' -Tag 'Count' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png', 'c.png'
    }

    It 'are counted where a script block fails: -<Name> <Value>' -ForEach @(
        @{ Name = 'Prompt'; Value = { if ($_.Name -eq 'b.png') { throw 'no words' }; 'Make it red' }; Id = 'ScriptBlockArgumentInvocationFailed' }
        @{ Name = 'Prompt'; Value = { if ($_.Name -ne 'b.png') { 'Make it red' } }; Id = 'ScriptBlockArgumentNoOutput' }
        @{ Name = 'Prompt'; Value = { if ($_.Name -eq 'b.png') { ' ' } else { 'Make it red' } }; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'DestinationPath'; Value = { if ($_.Name -eq 'b.png') { throw 'no place' }; 'out/' }; Id = 'ScriptBlockArgumentInvocationFailed' }
        @{ Name = 'Steps'; Value = { if ($_.Name -eq 'b.png') { 99 } else { 8 } }; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'Seed'; Value = { if ($_.Name -eq 'b.png') { 'x' } else { 8 } }; Id = 'ParameterArgumentTransformationError' }
    ) {
        $argument = @{ Prompt = 'Make it red' }
        $argument[$Name] = $Value

        $script = Invoke-Script { Get-ChildItem *.png | Invoke-QwenImageEdit @argument -RunVariable script:run -LogPath logs }

        $script.ErrorIds | Should -Be (Get-ErrorId $Id)
        $script.Output.Source | Sort-Object | Should -Be (Get-FullName 'a.png', 'c.png')
        $run.Total, $run.Received, $run.InvalidInput, $run.ExitCode | Should -Be 3, 2, 1, 1
        Get-Content logs/*.jsonl -Raw | Should -BeLike '*Row 2*b.png*'
    }

    It 'are counted where it fails for all, first or last: <_>' -ForEach 'abc', 'ab', 'bc' {
        $letters = $_

        $script = Invoke-Script {
            Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt { if ($letters.Contains($_.BaseName)) { throw 'no words' }; 'Make it red' } -RunVariable script:run
        }

        $script.Errors | Should -HaveCount $letters.Length
        $run.Total, $run.InvalidInput, $run.Received, $run.ExitCode | Should -Be 3, $letters.Length, (3 - $letters.Length), 1
    }

    It 'are counted where errors are not shown, and only once each' {
        $null = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt { throw 'no words' } -RunVariable script:first -ErrorAction SilentlyContinue
        $null = Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt 'Make it red' -RunVariable script:second

        $first.Total, $first.InvalidInput | Should -Be 3, 3
        $second.Total, $second.InvalidInput, $second.ExitCode | Should -Be 3, 0, 0
    }

    It 'are counted where the image is given and a record has nothing for it: <Argument.Keys>' -ForEach @(
        @{ Argument = @{ LiteralPath = 'a.png' } }
        @{ Argument = @{ LiteralPath = { $_.Image } } }
        @{ Argument = @{ Uri = 'https://images.example/a.png' } }
    ) {
        $rows = [pscustomobject] @{ Prompt = 'Make it red'; Image = 'a.png' }, [pscustomobject] @{ Image = 'b.png' }

        $script = Invoke-Script { $rows | Invoke-QwenImageEdit @Argument -RunVariable script:run }

        $script.Errors | Should -HaveCount 1
        $run.Total, $run.Received, $run.InvalidInput, $run.ExitCode | Should -Be 2, 1, 1, 1
    }

    It 'are problems of Measure-QwenImageEdit' {
        $forecast = Invoke-Script { Get-ChildItem *.png | Measure-QwenImageEdit -Prompt { if ($_.Name -eq 'b.png') { throw 'no words' }; 'Make it red' } }

        $forecast.Output.Images, $forecast.Output.ToSubmit | Should -Be 3, 2
        $forecast.Output.Problems | Should -BeLike '*Row 2*b.png*no words*'
    }
}

Describe 'A prompt of blanks' -Tag 'Count' {
    It 'is refused' {
        Reset-Session
        New-Image 'a.png'

        { Invoke-QwenImageEdit a.png '   ' } | Should -Throw -ErrorId (Get-ErrorId ParameterArgumentValidationError)
        { Get-ChildItem | Invoke-QwenImageEdit -Prompt "`t" } | Should -Throw -ErrorId (Get-ErrorId ParameterArgumentValidationError)
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }
}

Describe 'One image with a prompt of each row' -Tag 'Count' {
    It 'is edited by each' {
        Reset-Session
        New-Image 'a.png'

        $results = [pscustomobject] @{ Prompt = 'Make it red' }, [pscustomobject] @{ Prompt = 'Make it blue' } |
            Invoke-QwenImageEdit -Path a.png -DestinationPath { "$($_.Prompt).png" }

        $results.Prompt | Sort-Object | Should -Be 'Make it blue', 'Make it red'
    }
}

Describe 'The counts of a run that is stopped' -Tag 'Count' {
    BeforeEach {
        Reset-Session
        New-Image (1..40 | ForEach-Object { "$_.png" })
    }

    It 'add up after -First 1: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit *.png 'Make it red' -RunVariable run | Select-Object -First 1 } }
        @{ Script = { Invoke-QwenImageEdit *.png 'emulate:processing' -RunVariable run -TimeoutSec 2 -ErrorAction SilentlyContinue | Select-Object -First 1 } }
    ) {
        $null = . $Script

        $run.Total | Should -Be 40
        Get-CountSum $run | Should -Be 40
        $run.Submitted + $run.NotSubmitted | Should -BeGreaterThan 0
        $run.ExitCode | Should -Be 5
        # What is at the service is submitted, and is received later.
        $run.Submitted + $run.TimedOut | Should -Be @(Get-QwenEditJob -Status Queued, Processing, Completed).Count
    }

    It 'add up after an error downstream' {
        { Invoke-QwenImageEdit *.png 'Make it red' -ThrottleLimit 16 -RunVariable script:run | ForEach-Object { throw 'no more' } } | Should -Throw 'no more'

        $run.Total, (Get-CountSum $run) | Should -Be 40, 40
    }
}
