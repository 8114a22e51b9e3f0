using FitFlow.Data.Tests.Events;

/// <summary>The runtime calls this before the program's own entry point, which runs tests.</summary>
internal static class StartupHook
{
    public static void Initialize() => Replica.Run();
}
