using System.Management.Automation;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The cmdlets' parameters, as the design lists them.</summary>
public sealed class ParameterTests : IDisposable
{
    private static readonly string[] EditCommands = ["Invoke-QwenImageEdit", "Submit-QwenImageEdit"];
    private static readonly string[] AllCommands = [.. EditCommands, "Get-QwenEditStatus", "Receive-QwenEditResult"];

    private readonly PowerShellHost _host = PowerShellHost.Open();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Steps", typeof(int), 8, 1, 20)]
    [InlineData("Guidance", typeof(double), 1.0, 1.0, 25.0)]
    [InlineData("Seed", typeof(long), 760941192L, -1L, 999999999999999L)]
    [InlineData("Quality", typeof(int), 90, 10, 100)]
    [InlineData("ThrottleLimit", typeof(int), 8, 1, 64)]
    [InlineData("TimeoutSec", typeof(int), 600, 1, 3600)]
    public void A_number_has_the_default_and_the_range_of_the_service(string name, Type type, object value, object least, object most)
    {
        foreach (string command in EditCommands)
        {
            ParameterMetadata parameter = Command(command).Parameters[name];
            ValidateRangeAttribute range = Assert.Single(parameter.Attributes.OfType<ValidateRangeAttribute>());

            Assert.Equal(type, parameter.ParameterType);
            Assert.Equal((least, most), (range.MinRange, range.MaxRange));
            Assert.Equal(value, Default(command, name));
        }
    }

    [Theory]
    [InlineData("ImageFormat", "Png")]
    [InlineData("Model", "qwen-image-edit-fast")]
    [InlineData("Base64", "False")]
    [InlineData("Force", "False")]
    [InlineData("DestinationPath", null)]
    public void Another_parameter_has_its_default(string name, string? value) =>
        Assert.All(EditCommands, command => Assert.Equal(value, Default(command, name)?.ToString()));

    [Fact]
    public void An_image_format_is_one_that_the_service_makes() =>
        Assert.Equal(["Png", "Jpeg", "Webp"], Enum.GetNames(Command("Invoke-QwenImageEdit").Parameters["ImageFormat"].ParameterType));

    [Theory]
    [InlineData("Path")]
    [InlineData("LiteralPath")]
    [InlineData("Uri")]
    [InlineData("Prompt")]
    [InlineData("Steps")]
    [InlineData("Guidance")]
    [InlineData("Seed")]
    [InlineData("ImageFormat")]
    [InlineData("Quality")]
    [InlineData("Model")]
    [InlineData("DestinationPath")]
    public void A_parameter_of_an_edit_binds_by_property_name(string name) =>
        Assert.All(EditCommands, command => Assert.All(
            Command(command).Parameters[name].ParameterSets.Values, set => Assert.True(set.ValueFromPipelineByPropertyName)));

    [Theory]
    [InlineData("Invoke-QwenImageEdit", "Path", 0)]
    [InlineData("Invoke-QwenImageEdit", "Prompt", 1)]
    [InlineData("Submit-QwenImageEdit", "Path", 0)]
    [InlineData("Submit-QwenImageEdit", "Prompt", 1)]
    [InlineData("Get-QwenEditStatus", "RequestId", 0)]
    [InlineData("Receive-QwenEditResult", "RequestId", 0)]
    public void What_one_types_first_needs_no_name(string command, string name, int position)
    {
        ParameterSetMetadata set = Assert.Single(Command(command).Parameters[name].ParameterSets.Values);
        Assert.True(set.IsMandatory);
        Assert.Equal(position, set.Position);
    }

    [Theory]
    [InlineData("LiteralPath", "PSPath")]
    [InlineData("LiteralPath", "LP")]
    public void A_parameter_has_the_aliases_that_files_and_people_use(string name, string alias) =>
        Assert.All(EditCommands, command => Assert.Contains(alias, Command(command).Parameters[name].Aliases));

    [Theory]
    [InlineData("ApiKey", typeof(System.Security.SecureString))]
    [InlineData("ApiKeySecret", typeof(string))]
    [InlineData("Endpoint", typeof(string))]
    [InlineData("Proxy", typeof(Uri))]
    [InlineData("ProxyCredential", typeof(PSCredential))]
    [InlineData("RequestTimeoutSec", typeof(int))]
    [InlineData("MaximumRetryCount", typeof(int))]
    [InlineData("PollIntervalSec", typeof(double))]
    [InlineData("RequestsPerMinute", typeof(int))]
    public void Every_cmdlet_has_the_parameters_of_the_connection(string name, Type type) =>
        Assert.All(AllCommands, command => Assert.Equal(type, Command(command).Parameters[name].ParameterType));

    [Theory]
    [InlineData("Invoke-QwenImageEdit", "QwenEdit.EditResult", true)]
    [InlineData("Submit-QwenImageEdit", "QwenEdit.EditJob", true)]
    [InlineData("Get-QwenEditStatus", "QwenEdit.EditStatus", false)]
    [InlineData("Receive-QwenEditResult", "QwenEdit.EditResult", true)]
    public void A_cmdlet_says_what_it_returns_and_whether_it_can_be_asked_first(string command, string type, bool canBeAsked)
    {
        Assert.Equal([type], Command(command).OutputType.Select(output => output.Name));
        Assert.Equal(canBeAsked, Command(command).Parameters.ContainsKey("WhatIf"));
        Assert.Equal(canBeAsked, Command(command).Parameters.ContainsKey("Confirm"));
    }

    [Theory]
    [InlineData("[QwenEdit.EditResult]")]
    [InlineData("[QwenEdit.EditJob]")]
    [InlineData("[QwenEdit.EditStatus]")]
    [InlineData("[QwenEdit.EditOutcome]::Received")]
    [InlineData("[QwenEdit.ImageFormat]::Webp")]
    public void Public_types_resolve_in_scripts(string expression) => Assert.Single(_host.Run(expression).WithoutErrors().Output);

    [Fact]
    public void No_type_of_a_dependency_is_in_a_parameter() => Assert.All(
        AllCommands.SelectMany(command => Command(command).Parameters.Values).Select(parameter => parameter.ParameterType),
        type => Assert.Contains(
            (type.GetElementType() ?? type).Assembly.GetName().Name,
            (string[])["QwenEdit", "System.Private.CoreLib", "System.Private.Uri", "System.Management.Automation"]));

    private CommandInfo Command(string name) =>
        (CommandInfo)Assert.Single(_host.Set("name", name).Run("Get-Command $name").WithoutErrors().Output).BaseObject;

    private object? Default(string command, string parameter)
    {
        Type type = ((CmdletInfo)Command(command)).ImplementingType;
        using IDisposable cmdlet = (IDisposable)Activator.CreateInstance(type)!;
        return type.GetProperty(parameter)!.GetValue(cmdlet);
    }
}
