namespace QwenEdit.Emulator.Api;

/// <summary>The port through which a request came: the service has a host for each.</summary>
internal enum EmulatorPort
{
    Api,
    Files,
    History,
}

/// <summary>Marks a connection with its port.</summary>
internal sealed record PortFeature(EmulatorPort Door);
