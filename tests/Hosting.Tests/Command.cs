using System.Diagnostics;

namespace FitFlow.Hosting.Tests;

internal static class Programs
{
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static string AppHost => Built("FitFlow.AppHost");

    public static string SmallAppHost => Built("Small");

    public static string Cli => Built("FitFlow.Hosting.Local");

    public static string EchoProject => Path.Combine(Checkout.Root, "tests/Hosting.Tests/Hosts/Echo/Echo.csproj");

    private static string Built(string project) => Path.Combine(Checkout.Root, "artifacts/bin", project, Configuration, $"{project}.dll");
}

/// <summary>A program that was run to its end.</summary>
internal sealed record Command(int ExitCode, string Output, string Errors)
{
    public static Task<Command> Run(string dll, params string[] args) => RunIn(null, dll, args);

    public static async Task<Command> RunIn(string? home, string dll, params string[] args)
    {
        using var process = Start(home, dll, args);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Command(process.ExitCode, (await output).Trim(), (await errors).Trim());
    }

    public static Process Start(string? home, string dll, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [dll, .. args]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (home is not null) start.Environment["FITFLOW_HOME"] = home;
        return Process.Start(start)!;
    }
}
