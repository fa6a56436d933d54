#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Objects that have been through a file, a background job or a remote session, whose texts have as many levels as these write.
BeforeDiscovery {
    $depths = @{ Way = 'a remote session'; Depth = 1 }, @{ Way = 'a file'; Depth = 2 }
    $tables = foreach ($depth in $depths) {
        foreach ($script in @(
                { Invoke-QwenImageEdit *.png 'Make it red' }
                { Submit-QwenImageEdit *.png 'Make it red' }
                { Submit-QwenImageEdit *.png 'Make it red' | Get-QwenEditStatus }
                { $null = Submit-QwenImageEdit *.png 'Make it red'; Get-QwenEditRun }
                { Get-QwenEditCredit }
                { Measure-QwenImageEdit *.png, none.png 'Make it red' }
            )) {
            @{ Way = $depth.Way; Depth = $depth.Depth; Script = $script }
        }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Session.ps1')

    function Send([int] $Depth) {
        process {
            $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_, $Depth))
            # As a remote session marks what comes from it.
            $back.PSObject.Properties.Add([psnoteproperty]::new('PSComputerName', 'there'))
            $back
        }
    }
}
AfterAll { Stop-Session }

Describe 'An object that comes from elsewhere' -Tag 'RoundTrip' {
    BeforeEach {
        Reset-Session
        New-Image '01.png', '02.png'
    }

    It 'has the same table after <Way>: <Script>' -ForEach $tables {
        $live = @(& $Script)
        $back = @($live | Send $Depth)

        $back | ForEach-Object { $_.PSObject.TypeNames[0] } | Should -BeLike 'Deserialized.QwenEdit.*'
        ($back | Out-String -Width 120) | Should -Be ($live | Out-String -Width 120)
    }

    It 'has names as states, and times that can be read, after <Way>' -ForEach $depths {
        $job = Submit-QwenImageEdit 01.png 'Make it red'
        $back = $job | Send $Depth

        $back.Status | Should -Be 'Queued'
        $back.ImageFormat | Should -Be 'Png'
        ([DateTimeOffset] $back.ExpiresAt).ToUnixTimeSeconds() | Should -Be $job.ExpiresAt.ToUnixTimeSeconds()
        $back.ExpiresAt -as [datetime] | Should -BeGreaterThan ([datetime]::Now)
        (Measure-QwenImageEdit none.png x | Send $Depth).Problems[0] | Should -BeLike '*none.png*'
    }

    It 'is a whole job to the cmdlets that take jobs, after <Way>' -ForEach $depths {
        $jobs = @(Submit-QwenImageEdit *.png 'Make it red' -DestinationPath red | Send $Depth)
        # What the job itself says is enough.
        $env:QWENEDIT_JOURNAL = Get-FullName elsewhere.db

        $objects = @(
            $jobs | Get-QwenEditStatus -Wait
            Get-QwenEditStatus -Job $jobs
            $jobs | Receive-QwenEditResult -Wait
        )

        $objects.Status | Should -Be 'Completed', 'Completed', 'Completed', 'Completed', 'Received', 'Received'
        foreach ($first in 0, 2, 4) {
            $objects[$first, ($first + 1)].Source | Sort-Object | Should -Be (Get-FullName 01.png, 02.png)
        }
        $objects | ForEach-Object { $_.SubmittedAt } | Should -BeOfType ([DateTimeOffset])
        Get-FullName red/01.png | Should -Exist
    }
}
