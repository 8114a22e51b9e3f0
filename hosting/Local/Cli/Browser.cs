using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Local.Cli;

/// <summary>Nothing but the path goes to the output: tests and scripts read it.</summary>
internal static class Browser
{
    public static async Task<int> Print(Home home, CancellationToken ct)
    {
        Console.WriteLine(await Chromium.Find(new ServerStore(home.Servers, Console.Error.WriteLine), ct));
        return 0;
    }
}
