#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll { . (Join-Path $PSScriptRoot 'Session.ps1') }
AfterAll { Stop-Session }

Describe 'Values of parameters' -Tag 'Validation' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
    }

    It 'are refused out of their range: <Name> <Value>' -ForEach @(
        @{ Name = 'Steps'; Value = 0 }
        @{ Name = 'Steps'; Value = 21 }
        @{ Name = 'Guidance'; Value = 0.9 }
        @{ Name = 'Guidance'; Value = 25.1 }
        @{ Name = 'Guidance'; Value = [double]::NaN }
        @{ Name = 'Seed'; Value = -2 }
        @{ Name = 'Seed'; Value = 1000000000000000 }
        @{ Name = 'Quality'; Value = 9 }
        @{ Name = 'Quality'; Value = 101 }
        @{ Name = 'Model'; Value = 'a/b' }
        @{ Name = 'Model'; Value = '..' }
        @{ Name = 'ThrottleLimit'; Value = 0 }
        @{ Name = 'ThrottleLimit'; Value = 65 }
        @{ Name = 'TimeoutSec'; Value = 0 }
        @{ Name = 'PollIntervalSec'; Value = 0.01 }
        @{ Name = 'RequestTimeoutSec'; Value = 0 }
        @{ Name = 'MaximumRetryCount'; Value = -1 }
        @{ Name = 'Endpoint'; Value = '' }
        @{ Name = 'ApiKeySecret'; Value = '' }
        @{ Name = 'AdditionalParameter'; Value = $null }
    ) {
        $argument = @{ $Name = $Value }

        { Invoke-QwenImageEdit a.png 'Make it red' @argument } | Should -Throw -ErrorId (Get-ErrorId ParameterArgumentValidationError)
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'are refused where they are of another kind: <Name> <Value>' -ForEach @(
        @{ Name = 'Steps'; Value = 'many' }
        @{ Name = 'ImageFormat'; Value = 'Gif' }
        @{ Name = 'Seed'; Value = 1e99 }
        @{ Name = 'AdditionalParameter'; Value = 5 }
    ) {
        $argument = @{ $Name = $Value }

        { Invoke-QwenImageEdit a.png 'Make it red' @argument } | Should -Throw -ErrorId (Get-ErrorId '*')
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'are refused where the call makes no sense: <Script>' -ForEach @(
        @{ Script = { Invoke-QwenImageEdit a.png '' } }
        @{ Script = { Invoke-QwenImageEdit a.png " `t" } }
        @{ Script = { Invoke-QwenImageEdit '' 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit -LiteralPath '' 'Make it red' } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -Uri https://example.com/a.png } }
        @{ Script = { Invoke-QwenImageEdit a.png 'Make it red' -LiteralPath a.png } }
        @{ Script = { Get-QwenEditStatus '' } }
        @{ Script = { Receive-QwenEditResult -Job $null } }
        @{ Script = { Get-QwenEditStatus $null } }
    ) {
        { Invoke-Script $Script } | Should -Throw
        (Get-Ledger).requests | Should -BeNullOrEmpty
    }

    It 'are asked for by name where they are missing: <Command> <Argument.Keys>' -ForEach @(
        foreach ($command in 'Invoke-QwenImageEdit', 'Submit-QwenImageEdit', 'Measure-QwenImageEdit') {
            @{ Command = $command; Argument = @{ Path = 'a.png' }; Missing = 'Prompt' }
            @{ Command = $command; Argument = @{ LiteralPath = 'a.png' }; Missing = 'Prompt' }
            @{ Command = $command; Argument = @{ Uri = 'https://example.com/a.png' }; Missing = 'Prompt' }
            @{ Command = $command; Argument = @{ Prompt = 'Make it red' }; Missing = 'Path' }
        }
    ) {
        # A shell of its own, as PowerShell would ask for the value in one that can ask.
        $shell = Invoke-Shell "try { & '$Command' -$($Argument.Keys) '$($Argument.Values)' } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"

        $shell.Output | Should -BeLike "MissingMandatoryParameter,QwenEdit.Commands.$($Command.Replace('-', ''))Command*missing mandatory parameters: $Missing.*"
    }

    It 'are sent at the ends of their ranges, and as texts: <Argument.Steps>, <Argument.Guidance>, <Argument.Seed>, <Argument.Quality>' -ForEach @(
        @{ Argument = @{ Steps = 1; Guidance = 1; Seed = 0; Quality = 10 } }
        @{ Argument = @{ Steps = 20; Guidance = 25; Seed = 999999999999999; Quality = 100 } }
        @{ Argument = @{ Steps = '12'; Guidance = '4.5'; Seed = '42'; Quality = '80' } }
    ) {
        $null = Invoke-QwenImageEdit a.png 'Make it red' @Argument

        $job = @((Get-Ledger).jobs)[0]
        $job.steps, $job.guidance, $job.seed, $job.quality | Should -Be $Argument.Steps, $Argument.Guidance, $Argument.Seed, $Argument.Quality
    }

    It 'may be fields that the service adds later' {
        $original = [System.IO.File]::ReadAllBytes((Get-FullName 'a.png'))

        $result = Invoke-QwenImageEdit a.png 'Make it red' -Base64 -AdditionalParameter @{
            strength = 0.5; tags = @('a', 'b'); nested = @{ on = $true }; row = [pscustomobject] @{ none = $null }
        }

        @((Get-Ledger).jobs).base64 | Should -BeTrue
        [System.IO.File]::ReadAllBytes($result.Destination) | Should -Be $original
    }
}

Describe '-Endpoint' -Tag 'Validation' {
    BeforeEach {
        Reset-Session
        New-Image 'a.png'
    }

    It 'is refused where no key may be sent to: <_>' -ForEach @(
        'http://example.com'
        'ftp://127.0.0.1'
        'api.segmind.com'
        'https://user@api.segmind.com'
        'https://api.segmind.com?key=SG_0123456789abcdef'
    ) {
        $other = $_

        { Invoke-Script { Invoke-QwenImageEdit a.png 'Make it red' -Endpoint $other } } | Should -Throw -ErrorId (Get-ErrorId InvalidEndpoint)
        { Invoke-Script { Get-QwenEditStatus some-id -Endpoint $other } } | Should -Throw -ErrorId (Get-ErrorId InvalidEndpoint GetQwenEditStatus)
    }

    It 'may end with a version or without: <_>' -ForEach '', '/', '/v1', '/v2/' {
        (Invoke-QwenImageEdit a.png 'Make it red' -Endpoint "$($env:SEGMIND_ENDPOINT.TrimEnd('/'))$_").Status | Should -Be 'Received'
    }

    It 'is that of the environment where it is not given, and goes before it where it is' {
        $environment = $env:SEGMIND_ENDPOINT
        (Get-QwenEditCredit).Endpoint | Should -Be ([uri] $environment)
        $env:SEGMIND_ENDPOINT = 'http://example.com'
        try {
            { Get-QwenEditCredit } | Should -Throw -ErrorId (Get-ErrorId InvalidEndpoint GetQwenEditCredit)
            (Get-QwenEditCredit -Endpoint $environment).Endpoint | Should -Be ([uri] $environment)
        }
        finally {
            $env:SEGMIND_ENDPOINT = $environment
        }
    }
}
