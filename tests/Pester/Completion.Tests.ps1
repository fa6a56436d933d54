#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # What Tab offers at the end of a line.
    function Complete([string] $Line, [string] $Property = 'CompletionText') {
        @((TabExpansion2 $Line $Line.Length).CompletionMatches | ForEach-Object { $_.$Property })
    }

    # Submits so many images, one by one, and returns their request ids, the newest first.
    function Submit-Image([int] $Count) {
        $ids = @(foreach ($number in 1..$Count) {
                New-Image "$number.png"
                (Submit-QwenImageEdit "$number.png" 'emulate:queued').RequestId
            })
        [array]::Reverse($ids)
        $ids
    }
}
AfterAll { Stop-Session }

Describe 'Tab' -Tag 'Completion' {
    BeforeEach { Reset-Session }

    It 'offers request ids from the journal, the newest first' {
        $ids = Submit-Image 3

        foreach ($command in 'Receive-QwenEditResult', 'Get-QwenEditStatus') {
            Complete "$command " | Should -Be $ids
            Complete "$command -RequestId " | Should -Be $ids
            Complete "$command -RequestId $($ids[1].Substring(0, 12))" | Should -Be $ids[1]
        }
    }

    It 'says what an id stands for' {
        $null = Submit-Image 1

        $tips = @(Complete 'Receive-QwenEditResult -RequestId ' ToolTip)
        $tips | Should -HaveCount 1
        $tips[0] | Should -BeLike "Queued, $(Get-FullName 1.png), *"
    }

    It 'offers the numbers of edits and runs from the journal' {
        $null = Submit-Image 12

        Complete 'Remove-QwenEditJob -EditId 1' | Should -Be '12', '11', '10', '1'
        Complete 'Get-QwenEditRun -RunId ' | Should -Be (12..1 | ForEach-Object { "$_" })
        Complete 'Get-QwenEditJob -RunId 2' | Should -Be '2'
    }

    It 'offers the models that were used, and the one that is always there' {
        Complete 'Invoke-QwenImageEdit -Model ' | Should -Be 'qwen-image-edit-fast'
        New-Image 'a.png'
        $null = Invoke-QwenImageEdit a.png Blue -Model another-model -ErrorAction SilentlyContinue

        Complete 'Invoke-QwenImageEdit -Model ' | Should -Be 'qwen-image-edit-fast', 'another-model'
        Complete 'Submit-QwenImageEdit -Model AN' | Should -Be 'another-model'
    }

    It 'offers the image formats of the service' {
        Complete 'Invoke-QwenImageEdit -ImageFormat ' | Sort-Object | Should -Be 'Jpeg', 'Png', 'Webp'
    }

    It 'creates no journal' {
        Complete 'Receive-QwenEditResult -RequestId ' | Where-Object { $_ -match '-' } | Should -BeNullOrEmpty
        $env:QWENEDIT_JOURNAL | Should -Not -Exist
    }

    It 'takes a damaged journal for an empty one, and leaves it as it is: <_>' -ForEach @(
        'Receive-QwenEditResult -RequestId ', 'Remove-QwenEditJob -EditId ', 'Get-QwenEditRun -RunId ', 'Invoke-QwenImageEdit -Model '
    ) {
        Set-Content journal.db ('x' * 2000) -NoNewline

        { Complete ($_ -replace ' -', ' -JournalPath ./journal.db -') } | Should -Not -Throw

        Get-Content journal.db -Raw | Should -Be ('x' * 2000)
    }

    It 'reads the journal of the line, a relative one where the session is, before the one of the environment' {
        $null = Submit-Image 1
        Copy-Item $env:QWENEDIT_JOURNAL here.db
        New-Image 'another.png'
        $null = Submit-QwenImageEdit another.png 'emulate:queued'

        Complete 'Get-QwenEditRun -RunId ' | Should -Be '2', '1'
        Complete 'Get-QwenEditRun -JournalPath ./here.db -RunId ' | Should -Be '1'
    }

    It 'offers secrets by their names' {
        function global:Get-SecretInfo {
            [CmdletBinding()] param([string] $Name)
            'Segmind', 'Segmind of Ann', 'Other' | Where-Object { $_ -like $Name } | ForEach-Object { [pscustomobject] @{ Name = $_; VaultName = 'Mine' } }
        }
        try {
            Complete 'Invoke-QwenImageEdit -ApiKeySecret Seg' | Should -Be 'Segmind', "'Segmind of Ann'"
        }
        finally {
            Remove-Item Function:Get-SecretInfo
        }
    }

    It 'offers no secrets without the module for secrets' -Skip:([bool] (Get-Command Get-SecretInfo -ErrorAction Ignore)) {
        Complete 'Get-QwenEditCredit -ApiKeySecret ' | Where-Object { $_ -like '*Seg*' } | Should -BeNullOrEmpty
    }

    It 'offers the property <Property> down the pipeline of <Command>' -ForEach @(
        @{ Command = 'Invoke-QwenImageEdit'; Property = 'RemainingCredits' }
        @{ Command = 'Submit-QwenImageEdit'; Property = 'ExpiresAt' }
        @{ Command = 'Receive-QwenEditResult'; Property = 'OutputUrl' }
        @{ Command = 'Resume-QwenImageEdit'; Property = 'OutputUrl' }
        @{ Command = 'Get-QwenEditStatus'; Property = 'CheckedAt' }
        @{ Command = 'Get-QwenEditJob'; Property = 'ExpiresAt' }
        @{ Command = 'Get-QwenEditRun'; Property = 'ExitCode' }
        @{ Command = 'Get-QwenEditCredit'; Property = 'FreeCredits' }
        @{ Command = 'Measure-QwenImageEdit'; Property = 'ExpectedCost' }
    ) {
        Complete "$Command | Where-Object $($Property.Substring(0, 3))" | Should -Contain $Property
    }
}

# Each case is also given to PowerShell's own binder, which must find the same journal.
Describe 'Tab, with a journal among the default parameter values of the session' -Tag 'Completion' {
    BeforeEach {
        Reset-Session
        $id = Submit-Image 1
        $journal = $env:QWENEDIT_JOURNAL
        $env:QWENEDIT_JOURNAL = Get-FullName own.db
        $before = $global:PSDefaultParameterValues.Clone()
    }

    AfterEach {
        $global:PSDefaultParameterValues.Clear()
        foreach ($key in $before.Keys) { $global:PSDefaultParameterValues[$key] = $before[$key] }
    }

    It 'reads it as PowerShell does: <Name>' -ForEach @(
        @{ Name = 'of the command'; Defaults = { @{ 'Receive-QwenEditResult:JournalPath' = $journal } }; Found = $true }
        @{ Name = 'of its commands'; Defaults = { @{ '*-QwenEdit*:JournalPath' = $journal } }; Found = $true }
        @{ Name = 'in any case, with spaces'; Defaults = { @{ 'receive-qweneditresult : journalPath' = $journal } }; Found = $true }
        @{ Name = 'by wildcards on both sides'; Defaults = { @{ '*:Journal*' = $journal } }; Found = $true }
        @{ Name = 'by a script block'; Defaults = { @{ '*-QwenEdit*:JournalPath' = [scriptblock]::Create("'$journal'") } }; Found = $true }
        @{ Name = 'the same twice'; Found = $true
            Defaults = { @{ '*-QwenEdit*:JournalPath' = $journal; '*:JournalPath' = $journal; 'Get-*:JournalPath' = 'other.db' } } }
        @{ Name = 'two that differ'; Defaults = { @{ '*-QwenEdit*:JournalPath' = $journal; '*:JournalPath' = './other.db' } }; Found = $false }
        @{ Name = 'switched off'; Defaults = { @{ '*:JournalPath' = $journal; Disabled = $true } }; Found = $false }
        @{ Name = 'by a wildcard that several parameters have'; Defaults = { @{ '*:*Path' = $journal } }; Found = $false }
        @{ Name = 'of other commands'; Defaults = { @{ 'Get-*:JournalPath' = $journal } }; Found = $false }
        @{ Name = 'by a part of the name'; Defaults = { @{ 'Receive-QwenEditResult:Journal' = $journal } }; Found = $false }
    ) {
        $global:PSDefaultParameterValues.Clear()
        $given = & $Defaults
        foreach ($key in $given.Keys) { $global:PSDefaultParameterValues[$key] = $given[$key] }

        $offered = @(Complete 'Receive-QwenEditResult -RequestId ' | Where-Object { $_ -match '-' })
        $null = Receive-QwenEditResult 11111111-2222-3333-4444-555555555555 -Endpoint http://127.0.0.1:1 -MaximumRetryCount 0 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue

        $offered | Should -Be @($id | Where-Object { $Found })
        Test-Path own.db | Should -Be (-not $Found)
    }

    It 'reads the one of the line before it' {
        $global:PSDefaultParameterValues['*:JournalPath'] = './other.db'

        Complete "Get-QwenEditRun -JournalPath '$journal' -RunId " | Should -Be '1'
    }
}
