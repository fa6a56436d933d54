#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $edit = 'Invoke-QwenImageEdit', 'Submit-QwenImageEdit'
    $all = $edit + 'Get-QwenEditStatus', 'Receive-QwenEditResult'
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    function Get-Parameter([string] $Command, [string] $Name) { (Get-Command $Command).Parameters[$Name] }

    function Get-Default([string] $Command, [string] $Name) {
        $cmdlet = [Activator]::CreateInstance((Get-Command $Command).ImplementingType)
        $cmdlet.$Name
        $cmdlet.Dispose()
    }
}
AfterAll { Stop-Session }

Describe 'Parameters of <_>' -Tag 'Parameter' -ForEach $edit {
    BeforeAll { $command = $_ }

    It 'have the default and the range of the service: <Name>' -ForEach @(
        @{ Name = 'Steps'; Type = [int]; Default = 8; Least = 1; Most = 20 }
        @{ Name = 'Guidance'; Type = [double]; Default = 1.0; Least = 1.0; Most = 25.0 }
        @{ Name = 'Seed'; Type = [long]; Default = 760941192; Least = -1; Most = 999999999999999 }
        @{ Name = 'Quality'; Type = [int]; Default = 90; Least = 10; Most = 100 }
        @{ Name = 'ThrottleLimit'; Type = [int]; Default = 32; Least = 1; Most = 64 }
        @{ Name = 'TimeoutSec'; Type = [int]; Default = 600; Least = 1; Most = 3600 }
    ) {
        $parameter = Get-Parameter $command $Name
        $range = @($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateRangeAttribute] })

        $parameter.ParameterType | Should -Be $Type
        $range | Should -HaveCount 1
        $range[0].MinRange, $range[0].MaxRange | Should -Be $Least, $Most
        Get-Default $command $Name | Should -Be $Default
    }

    It 'have their default: <Name>' -ForEach @(
        @{ Name = 'ImageFormat'; Default = 'Png' }
        @{ Name = 'Model'; Default = 'qwen-image-edit-fast' }
        @{ Name = 'Base64'; Default = $false }
        @{ Name = 'Force'; Default = $false }
        @{ Name = 'DestinationPath'; Default = $null }
    ) {
        Get-Default $command $Name | Should -Be $Default
    }

    It 'have the formats that the service makes' {
        [enum]::GetNames((Get-Parameter $command ImageFormat).ParameterType) | Should -Be 'Png', 'Jpeg', 'Webp'
    }

    It 'bind by property name: <_>' -ForEach 'Path', 'LiteralPath', 'Uri', 'Prompt', 'Steps', 'Guidance', 'Seed', 'ImageFormat', 'Quality', 'Model', 'DestinationPath' {
        (Get-Parameter $command $_).ParameterSets.Values.ValueFromPipelineByPropertyName | Should -Contain $true
    }

    It 'have the aliases that files and people use: <_>' -ForEach 'PSPath', 'LP' {
        (Get-Parameter $command LiteralPath).Aliases | Should -Contain $_
    }
}

Describe 'Parameters' -Tag 'Parameter' {
    It 'need no name where one types them first: <Command> -<Name>' -ForEach @(
        @{ Command = 'Invoke-QwenImageEdit'; Name = 'Path'; Position = 0 }
        @{ Command = 'Invoke-QwenImageEdit'; Name = 'Prompt'; Position = 1 }
        @{ Command = 'Submit-QwenImageEdit'; Name = 'Path'; Position = 0 }
        @{ Command = 'Submit-QwenImageEdit'; Name = 'Prompt'; Position = 1 }
        @{ Command = 'Get-QwenEditStatus'; Name = 'RequestId'; Position = 0 }
        @{ Command = 'Receive-QwenEditResult'; Name = 'RequestId'; Position = 0 }
    ) {
        # A record of the pipeline may lack it, which the cmdlet says.
        $sets = @((Get-Parameter $Command $Name).ParameterSets.Values | Where-Object { -not $_.ValueFromPipelineByPropertyName -or $_.IsMandatory })

        $sets.IsMandatory | Should -Not -Contain $false
        $sets.Position | Select-Object -Unique | Should -Be $Position
    }

    It 'are those of the connection in <_>' -ForEach $all {
        $parameters = (Get-Command $_).Parameters

        $types = [ordered] @{
            ApiKey          = [securestring]; ApiKeySecret = [string]; Endpoint = [string]; Proxy = [uri]; ProxyCredential = [pscredential]
            RequestTimeoutSec = [int]; MaximumRetryCount = [int]; PollIntervalSec = [double]; RequestsPerMinute = [int]
        }
        foreach ($name in $types.Keys) {
            $parameters[$name].ParameterType | Should -Be $types[$name] -Because $name
        }
    }

    It 'are of no type of a dependency in <_>' -ForEach $all {
        $types = (Get-Command $_).Parameters.Values.ParameterType | ForEach-Object { if ($_.HasElementType) { $_.GetElementType() } else { $_ } }

        # .NET's libraries, as .NET and .NET Framework name them.
        $types | ForEach-Object { $_.Assembly.GetName().Name } |
            Should -BeIn 'QwenEdit', 'System.Management.Automation', 'System.Private.CoreLib', 'System.Private.Uri', 'mscorlib', 'System'
    }
}

Describe 'Cmdlets' -Tag 'Parameter' {
    It 'say what they return, and whether they can be asked first: <Command>' -ForEach @(
        @{ Command = 'Invoke-QwenImageEdit'; Type = 'QwenEdit.EditResult'; CanBeAsked = $true }
        @{ Command = 'Submit-QwenImageEdit'; Type = 'QwenEdit.EditJob'; CanBeAsked = $true }
        @{ Command = 'Get-QwenEditStatus'; Type = 'QwenEdit.EditStatus'; CanBeAsked = $false }
        @{ Command = 'Receive-QwenEditResult'; Type = 'QwenEdit.EditResult'; CanBeAsked = $true }
    ) {
        $found = Get-Command $Command

        $found.OutputType.Name | Should -Be $Type
        $found.Parameters.ContainsKey('WhatIf'), $found.Parameters.ContainsKey('Confirm') | Should -Be $CanBeAsked, $CanBeAsked
    }

    It 'have public types that scripts can name' {
        foreach ($name in 'EditResult', 'EditJob', 'EditStatus') {
            ("QwenEdit.$name" -as [type]).FullName | Should -Be "QwenEdit.$name"
        }
        [QwenEdit.EditOutcome]::Received | Should -Be 'Received'
        [QwenEdit.ImageFormat]::Webp | Should -Be 'Webp'
    }
}
