#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')
    $key = $env:SEGMIND_API_KEY
    $wrong = 'SG_fedcba9876543210'
}
AfterAll { Stop-Session }

Describe 'The API key' -Tag 'ApiKey' {
    BeforeAll {
        # As of Microsoft.PowerShell.SecretManagement.
        function Get-Secret {
            [CmdletBinding()]
            [OutputType([string], [securestring], [pscredential], [hashtable])]
            param([string] $Name)
            switch ($Name) {
                text { $key }
                secure { [System.Net.NetworkCredential]::new('', $key).SecurePassword }
                credential { [pscredential]::new('me', [System.Net.NetworkCredential]::new('', $key).SecurePassword) }
                wrong { $wrong }
                table { @{ key = $key } }
                nothing { }
                locked { Write-Error 'The vault is locked.' }
                counted { $script:reads++; $key }
                default { throw "The secret $Name was not found." }
            }
        }
    }

    BeforeEach {
        Reset-Session
        New-Image 'a.png'
        $env:SEGMIND_API_KEY = $wrong
    }

    AfterEach { $env:SEGMIND_API_KEY = $key }

    It 'is taken from <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey $key } }
        # A file's text ends with a line break.
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey " $key`n" } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey " $key`r`n" } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey "`t$key" } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey ([System.Net.NetworkCredential]::new('', $key).SecurePassword) } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret text } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret secure } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret credential } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret wrong -ApiKey $key } }
        @{ Script = { $env:SEGMIND_API_KEY = $key; Invoke-QwenImageEdit a.png 'Make it red' } }
    ) {
        $run = Invoke-Script $Script

        $run.Errors | Should -BeNullOrEmpty
        $run.Warnings | Should -BeNullOrEmpty
        $run.Output.Status | Should -Be 'Received'
    }

    It 'is that of the environment where no parameter says otherwise' {
        (Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' }).ErrorIds | Should -Be (Get-ErrorId ApiKeyRejected)
        @((Get-Ledger).requests)[0].status | Should -Be 401
    }

    It 'is missing, and the call ends and says where to put one: <Script>' -ForEach @(
        @{ Says = 'SEGMIND_API_KEY'; Script = { Invoke-QwenImageEdit a.png 'Make it red' } }
        @{ Says = '-ApiKey'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey '' } }
        @{ Says = '-ApiKeySecret'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret nothing } }
        @{ Says = '-ApiKeySecret'; Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret table } }
        @{ Says = "The secret other can't be read: The secret other was not found."; Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret other } }
        @{ Says = "The secret locked can't be read: The vault is locked."; Script = { Invoke-QwenImageEdit a.png 'Make it red' -ApiKeySecret locked } }
    ) {
        $env:SEGMIND_API_KEY = $null

        $thrown = { Invoke-Script $Script } | Should -Throw -ErrorId (Get-ErrorId ApiKeyMissing) -PassThru

        $thrown.ToString().Contains($Says) | Should -BeTrue
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'is none, and the call ends before anything is sent and says why: <Name>' -ForEach (@(
        @{ Key = 'SG_0123 4567'; Says = 'in the middle' }
        @{ Key = "SG_0123`n4567"; Says = 'in the middle' }
        @{ Key = "SG_0123456789abcdef`nSG_fedcba9876543210"; Says = 'in the middle' }
        @{ Key = 'SG_ключ_01234567'; Says = 'no key has' }
        @{ Key = '"SG_0123456789abcdef"'; Says = 'quotes' }
        @{ Key = "'SG_0123456789abcdef'`r`n"; Says = 'quotes' }
        @{ Key = "$([char] 0x201C)SG_0123456789abcdef$([char] 0x201D)"; Says = 'quotes' }
        @{ Key = 'Bearer SG_0123456789abcdef'; Says = "'Bearer'" }
        @{ Key = 'x-api-key: SG_0123456789abcdef'; Says = 'begins with a name' }
        @{ Key = 'SEGMIND_API_KEY=SG_0123456789abcdef'; Says = 'begins with a name' }
        @{ Key = '$env:SEGMIND_API_KEY'; Says = 'placeholder' }
        @{ Key = '%SEGMIND_API_KEY%'; Says = 'placeholder' }
        @{ Key = '<your key>'; Says = 'placeholder' }
        @{ Key = 'System.Security.SecureString'; Says = 'SecureString itself' }
        @{ Key = 'SG_'; Says = 'too short' }
    ) | ForEach-Object { $_.Name = $_.Key -replace '[\r\n]+', ' (line break) '; $_ }) {
        $thrown = { Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey $Key } } | Should -Throw -ErrorId (Get-ErrorId ApiKeyRejected) -PassThru

        $thrown.ToString().Contains($Says) | Should -BeTrue
        $thrown.ToString() | Should -Not -BeLike '*0123456789abcdef*'
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'is of another shape, and a warning says so and it is tried: <_>' -ForEach 'SG_0123456789abcdef0123456789abcdef', 'sk-live-0123456789', '0123456789abcdef' {
        $odd = $_

        $run = Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' -ApiKey $odd }

        $run.Warnings | Should -HaveCount 1
        $run.Warnings[0] | Should -BeLike '*does not look like*'
        $run.ErrorIds | Should -Be (Get-ErrorId ApiKeyRejected)
        (Get-Ledger).requests.status | Should -Be 401
    }

    It 'is read once a call from a secret' {
        New-Image 'b.png', 'c.png'
        $script:reads = 0

        $results = Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ApiKeySecret counted

        $results | Should -HaveCount 3
        $script:reads | Should -Be 1
    }
}

Describe '-ApiKeySecret' -Tag 'ApiKey' {
    It 'says what to install where there are no secrets' -Skip:($null -ne (Get-Command Get-Secret -ErrorAction Ignore)) {
        { Get-QwenEditStatus some-id -ApiKeySecret text } |
            Should -Throw -ErrorId (Get-ErrorId ApiKeyMissing GetQwenEditStatus) -PassThru |
            ForEach-Object ToString | Should -Be (
            '-ApiKeySecret text needs the module Microsoft.PowerShell.SecretManagement, which is not installed. Install it with' +
            ' Install-PSResource Microsoft.PowerShell.SecretManagement (PowerShell 7.4 or later) or' +
            ' Install-Module Microsoft.PowerShell.SecretManagement, or set the environment variable SEGMIND_API_KEY instead.')
    }
}
