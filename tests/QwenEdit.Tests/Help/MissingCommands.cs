namespace QwenEdit.Tests.Help;

/// <summary>What scripts of the help use that every PowerShell has, and the engine by itself has not.</summary>
internal static class MissingCommands
{
    internal const string Script = """
        function global:Get-Date { [datetime]::Now }
        function global:Format-List { process { $_ } }
        function global:Measure-Object {
            param([Parameter(Position = 0)] [string] $Property, [switch] $Sum, [Parameter(ValueFromPipeline)] $InputObject)
            begin { $total = 0 }
            process { $total += $InputObject.$Property }
            end { [pscustomobject]@{ Sum = $total } }
        }
        function global:Write-Error {
            [CmdletBinding()] param([Parameter(Position = 0)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
            $PSCmdlet.WriteError($ErrorRecord)
        }
        """;
}
