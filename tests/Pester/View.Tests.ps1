#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $tables = foreach ($width in 80, 120, 200) {
        @{ Width = $width; Script = { Get-ChildItem | Submit-QwenImageEdit -Prompt 'Make it red' } }
        @{ Width = $width; Script = { Get-ChildItem | Submit-QwenImageEdit -Prompt 'emulate:processing' | Get-QwenEditStatus } }
        @{ Width = $width; Script = { Get-ChildItem | Submit-QwenImageEdit -Prompt 'Make it red' | Get-QwenEditStatus -Wait } }
        @{ Width = $width; Script = { Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' } }
        @{ Width = $width; Script = { Get-ChildItem | Invoke-QwenImageEdit -Prompt 'emulate:processing' -TimeoutSec 1 -ErrorAction Ignore } }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    # The lines that objects have on a screen of so many columns, without the plain text's colours and empty lines.
    function Get-Line($InputObject, [int] $Width = 120) {
        $text = ($InputObject | Out-String -Width $Width) -replace '\e\[[\d;]*m'
        @($text -split '\r?\n' | Where-Object { $_.Trim() } | ForEach-Object TrimEnd)
    }

    # The names of a table's columns, with one space between them.
    function Get-Heading($InputObject, [int] $Width = 120) { (Get-Line $InputObject $Width)[0].Trim() -replace '\s+', ' ' }
}
AfterAll { Stop-Session }

Describe 'A table' -Tag 'View' {
    BeforeEach { Reset-Session }

    It 'fits <Width> columns, and cuts no id and no status: <Script>' -ForEach $tables {
        New-Image 'a.png', 'a-poster-with-quite-a-long-name-as-cameras-and-people-give-them-2026-09-30.png', '海报 一千元 改成 五元.png'
        $objects = @(& $Script)

        $lines = Get-Line $objects $Width

        $lines | Should -HaveCount (2 + 3)
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
        foreach ($object in $objects) {
            $lines -like "*$($object.Status)*" | Should -Not -BeNullOrEmpty
            if ($lines[0] -match 'RequestId') {
                $lines -like "*$($object.RequestId)*" | Should -HaveCount 1
            }
        }
    }

    It 'has the columns that one looks for: <Columns>' -ForEach @(
        @{ Script = { Submit-QwenImageEdit a.png 'Make it red' }; Columns = 'RequestId Status Expires Source' }
        @{ Script = { Submit-QwenImageEdit a.png 'Make it red' | Get-QwenEditStatus }; Columns = 'RequestId Status Cost Queue s Infer s Source' }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' }; Columns = 'Status Cost Queue s Infer s Source Destination' }
    ) {
        New-Image 'a.png'
        $lines = Get-Line (& $Script)

        $lines[0] -replace '\s+', ' ' | Should -Be $Columns
        $lines[2] | Should -BeLike '*a.png*'
    }

    It 'of a single object is a row on a narrow screen: <Columns>' -ForEach @(
        @{ Script = { Get-QwenEditCredit }; Columns = 'Credits Free Checked Endpoint' }
        @{ Script = { Measure-QwenImageEdit a.png 'Make it red' }; Columns = 'Images To submit MB Cost Time To receive Done Problems' }
    ) {
        New-Image 'a.png'
        $object = & $Script

        Get-Heading $object 80 | Should -Be $Columns
        Get-Line $object 80 | Should -HaveCount 3
    }

    It 'of runs fits <Width> columns' -ForEach @(
        @{ Width = 80; Heading = 'RunId Command                Started      Duration   Done  Total      Cost Exit' }
        @{ Width = 120; Heading = 'RunId Command                Started      Duration   Done  Total      Cost Exit Stopped by' }
    ) {
        New-Image 'a.png', 'b.png'
        $null = Submit-QwenImageEdit *.png -Prompt Blue
        $null = Resume-QwenImageEdit

        $lines = Get-Line (Get-QwenEditRun) $Width

        $lines[0] | Should -Be $Heading
        $lines[3] | Should -Match '^    2 Resume-QwenImageEdit   \d\d-\d\d \d\d:\d\d +0:\d\d:\d\d      2      2 +0[.,]025    0'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
    }

    It 'shows the cost as it was' {
        New-Image 'a.png'
        $result = Invoke-QwenImageEdit a.png 'emulate:cost=0.0125'

        (Get-Line $result)[2] | Should -Match ([regex]::Escape(0.0125.ToString()))
    }

    It 'has all properties behind it, for scripts' {
        New-Image 'a.png'
        $job = Submit-QwenImageEdit a.png 'Make it red'
        $objects = @(
            $job
            $job | Get-QwenEditStatus
            $job | Receive-QwenEditResult -Wait
        )

        $objects | ForEach-Object { ($_.PSObject.Properties | Where-Object MemberType -EQ Property).Name -join ' ' } | Should -Be @(
            'EditId RunId RequestId Status Source Destination Prompt Model Seed ImageFormat Endpoint SubmittedAt ExpiresAt Cost Error'
            'RequestId Status Source Destination Cost RemainingCredits Seed QueueSeconds InferenceSeconds SubmittedAt ExpiresAt CheckedAt Error'
            'Status Source Destination Length RequestId Prompt Model Cost RemainingCredits Seed QueueSeconds InferenceSeconds ' +
            'SubmittedAt ExpiresAt OutputUrl Error PSPath'
        )
    }
}
