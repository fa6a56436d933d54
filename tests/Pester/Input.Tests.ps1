#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'Images that are named' -Tag 'Input' {
    BeforeEach { Reset-Session }

    It 'are each edited: <Script>' -ForEach @(
        @{ Script = { Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { Get-ChildItem $PWD | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { 'a.png', 'b.png' | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { "$PWD/a.png", "$PWD/b.png" | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit a.png, b.png 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit -Path *.png -Prompt 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit ./[ab].png 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit "$PWD/?.png" 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit -LiteralPath a.png, b.png -Prompt 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit -PSPath a.png, b.png -Prompt 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit "Microsoft.PowerShell.Core\FileSystem::$PWD/*.png" 'Make it red' } }
        @{ Script = { Get-ChildItem | ForEach-Object FullName | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { Get-ChildItem | Select-Object PSPath | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Script = { foreach ($name in 'a', 'b') { Invoke-QwenImageEdit "$name.png" 'Make it red' } } }
    ) {
        New-Image 'a.png', 'b.png'

        $results = & $Script

        $results.Source | Sort-Object | Should -Be (Get-FullName 'a.png', 'b.png')
        Get-RelativeFile | Should -Be 'a-edited.png', 'a.png', 'b-edited.png', 'b.png'
        (Get-Ledger).jobs.prompt | Should -Be 'Make it red', 'Make it red'
    }

    It 'may have any name: <_>' -ForEach 'my poster.png', 'poster [final].png', '海报 一千元.png', 'über.png', "it's `$5.png", 'a`b.png', '# 50%.png' {
        New-Image $_

        $piped = Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red'
        $literal = Invoke-QwenImageEdit -LiteralPath $_ 'Make it blue' -DestinationPath out/

        $piped.Source, $literal.Source | Should -Be (Get-FullName $_, $_)
        $piped.Destination | Should -Be (Get-FullName ($_ -replace '\.png$', '-edited.png'))
        $literal.Destination | Should -Be ([System.IO.Path]::Combine($PWD.ProviderPath, 'out', $_))
    }

    It 'are found by a wildcard in -Path, and the error says what to do about brackets in a name' {
        New-Image 'poster [final].png'

        $run = Invoke-Script { Invoke-QwenImageEdit 'poster [final].png' 'Make it red' }

        $run.ErrorIds | Should -Be (Get-ErrorId ImageNotFound)
        "$($run.Errors)" | Should -BeLike '*-LiteralPath*'
    }

    It 'may have escaped brackets in -Path' {
        New-Image 'poster [final].png'

        (Invoke-QwenImageEdit 'poster `[final`].png' 'Make it red').Destination | Should -Be (Get-FullName 'poster [final]-edited.png')
    }

    It 'may be on a drive of PowerShell: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit photos:a.png 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit photos:/*.png 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit -LiteralPath photos:a.png 'Make it red' } }
        @{ Script = { Get-ChildItem photos: | Invoke-QwenImageEdit -Prompt 'Make it red' -DestinationPath photos: } }
    ) {
        New-Image 'a.png'
        $null = New-PSDrive -Name photos -PSProvider FileSystem -Root $PWD

        (& $Script).Destination | Should -Be (Get-FullName 'a-edited.png')
    }

    It 'may be deep down in folders whose names are not ASCII' {
        $deep = ('海报' * 20), ('é' * 60), ('x' * 80) -join '/'
        New-Image "$deep/größe [1].png"

        (Get-ChildItem $deep | Invoke-QwenImageEdit -Prompt 'Make it deep').Status | Should -Be 'Received'
    }

    It 'are relative to the location of PowerShell' {
        New-Image 'sub/a.png'
        $top = $PWD.ProviderPath
        Set-Location sub

        (Invoke-QwenImageEdit a.png 'Make it red' -DestinationPath ../out).Destination | Should -Be ([System.IO.Path]::Combine($top, 'out', 'a.png'))
    }
}

Describe 'A drive that does not exist' -Tag 'Input' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
    }

    It 'is an error of what it is for, and ends the call: <Script>' -ForEach @(
        @{ ErrorId = 'JournalUnavailable', 'InvokeQwenImageEdit'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -JournalPath nosuchdrive:journal.db } }
        @{ ErrorId = 'JournalUnavailable', 'MeasureQwenImageEdit'; Script = { Measure-QwenImageEdit a.png 'Make it red' -JournalPath nosuchdrive:journal.db } }
        @{ ErrorId = 'JournalUnavailable', 'GetQwenEditJob'; Script = { Get-QwenEditJob -JournalPath nosuchdrive:journal.db } }
        @{ ErrorId = 'LogUnavailable', 'InvokeQwenImageEdit'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -LogPath nosuchdrive:logs } }
    ) {
        { Invoke-Script $Script } | Should -Throw -ErrorId (Get-ErrorId @ErrorId)
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'is one error where jobs are received, or looked for by their images' {
        $job = Submit-QwenImageEdit a.png 'Make it red'

        (Invoke-Script { $job | Receive-QwenEditResult -DestinationPath nosuchdrive:out }).ErrorIds |
            Should -Be (Get-ErrorId DestinationUnwritable ReceiveQwenEditResult)
        $run = Invoke-Script { Get-QwenEditJob nosuchdrive:a.png, a.png }
        $run.ErrorIds | Should -Be (Get-ErrorId ImageNotFound GetQwenEditJob)
        $run.Output.RequestId | Should -Be $job.RequestId
        (Invoke-Script { Get-QwenEditJob nosuchdrive:a.png }).Output | Should -BeNullOrEmpty
    }
}

Describe 'What is no image' -Tag 'Input' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png', 'b.png'
        Set-Content text.png 'This is no image.'
        $null = New-Item empty.png -ItemType File
        $null = New-Item sub -ItemType Directory
    }

    It 'is one error, and the others go on: <Bad>' -ForEach @(
        @{ Bad = 'missing.png'; ErrorName = 'ImageNotFound' }
        @{ Bad = '*.jpg'; ErrorName = 'ImageNotFound' }
        @{ Bad = 'nowhere/a.png'; ErrorName = 'ImageNotFound' }
        @{ Bad = 'nosuchdrive:a.png'; ErrorName = 'ImageNotFound' }
        @{ Bad = 'sub'; ErrorName = 'NotAFile' }
        @{ Bad = 'Env:PATH'; ErrorName = 'NotAFile' }
        @{ Bad = 'Variable:HOME'; ErrorName = 'NotAFile' }
        @{ Bad = 'text.png'; ErrorName = 'NotAnImage' }
        @{ Bad = 'empty.png'; ErrorName = 'NotAnImage' }
        @{ Bad = 'http://'; ErrorName = 'InvalidUri' }
    ) {
        $run = Invoke-Script { 'a.png', $Bad, 'b.png' | Invoke-QwenImageEdit -Prompt 'Make it red' }

        $run.ErrorIds | Should -Be (Get-ErrorId $ErrorName)
        $run.Errors[0].TargetObject.EndsWith($Bad) | Should -BeTrue
        $run.Errors[0].ToString().Contains($Bad) | Should -BeTrue
        $run.Output.Source | Sort-Object | Should -Be (Get-FullName 'a.png', 'b.png')
        @((Get-Ledger).jobs) | Should -HaveCount 2
    }

    It 'is refused by the other parameters: <Script>' -ForEach @(
        @{ ErrorName = 'ImageNotFound'; Script = { Invoke-QwenImageEdit -LiteralPath missing.png -Prompt 'Make it red' } }
        @{ ErrorName = 'ImageNotFound'; Script = { Invoke-QwenImageEdit -LiteralPath *.png -Prompt 'Make it red' } }
        @{ ErrorName = 'NotAFile'; Script = { Invoke-QwenImageEdit -LiteralPath sub -Prompt 'Make it red' } }
        @{ ErrorName = 'NotAFile'; Script = { Invoke-QwenImageEdit -LiteralPath Env:PATH -Prompt 'Make it red' } }
        @{ ErrorName = 'ImageNotFound'; Script = { Invoke-QwenImageEdit -LiteralPath nosuchdrive:a.png -Prompt 'Make it red' } }
        @{ ErrorName = 'InvalidUri'; Script = { Invoke-QwenImageEdit -Uri a.png -Prompt 'Make it red' } }
        @{ ErrorName = 'InvalidUri'; Script = { Invoke-QwenImageEdit -Uri ftp://example.com/a.png -Prompt 'Make it red' } }
        @{ ErrorName = 'InvalidUri'; Script = { Invoke-QwenImageEdit -Uri file:///a.png -Prompt 'Make it red' } }
    ) {
        $run = Invoke-Script $Script

        $run.ErrorIds | Should -Be (Get-ErrorId $ErrorName)
        $run.Output | Should -BeNullOrEmpty
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'is one error for a folder among the files' {
        $run = Invoke-Script { Get-ChildItem | Where-Object Name -NotLike '*.png' | Invoke-QwenImageEdit -Prompt 'Make it red' }

        $run.ErrorIds | Should -Be (Get-ErrorId NotAFile)
        $run.Errors[0].TargetObject | Should -Be (Get-FullName 'sub')
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'is named once for each file' {
        $run = Invoke-Script { Invoke-QwenImageEdit *.png 'Make it red' }

        $run.Errors.TargetObject | Sort-Object | Should -Be (Get-FullName 'empty.png', 'text.png')
        $run.Output.Source | Sort-Object | Should -Be (Get-FullName 'a.png', 'b.png')
    }

    It 'ends the command with -ErrorAction Stop' {
        { 'missing.png', 'a.png' | Invoke-QwenImageEdit -Prompt 'Make it red' -ErrorAction Stop } | Should -Throw -ErrorId (Get-ErrorId ImageNotFound)

        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'is kept for later by -ErrorVariable and -ErrorAction SilentlyContinue' {
        $run = Invoke-Script { Invoke-QwenImageEdit *.png 'Make it red' -ErrorAction SilentlyContinue -ErrorVariable script:problems }

        $run.Errors | Should -BeNullOrEmpty
        $problems.TargetObject | Sort-Object | Should -Be (Get-FullName 'empty.png', 'text.png')
    }
}
