using System.Diagnostics;
using System.Reflection;
using Microsoft.Playwright;
using Xunit;

namespace FitFlow.Testing;

/// <summary>
/// A real Chromium, started when the first test visits something and shared by all tests of a project. Every visit is somebody else: cookies,
/// storage and caches are its own. A test project says <c>[assembly: AssemblyFixture(typeof(Browser))]</c> and its tests take one.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Quiet =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Chromium)>> _running = new(Start);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsValueCreated) return;
        var (driver, chromium) = await _running.Value;
        await chromium.DisposeAsync();
        driver.Dispose();
    }

    /// <summary>
    /// Opens the page and does what the story says. Whatever the page complains about (console errors, exceptions, a crash) fails the test,
    /// unless the story has forgiven it; a story that fails leaves a picture of the page.
    /// </summary>
    public async Task<T> Visit<T>(Uri address, Func<Visit, Task<T>> story, BrowserNewContextOptions? visitor = null)
    {
        var (_, chromium) = await _running.Value;
        await using var context = await chromium.NewContextAsync(visitor ?? new() { Locale = "en-CA", TimezoneId = "America/Toronto" });
        var visit = new Visit(await context.NewPageAsync());
        try
        {
            await visit.Page.GotoAsync(address.ToString());
            var result = await story(visit);
            visit.ShouldHaveNoComplaints();
            return result;
        }
        catch
        {
            await visit.LeaveEvidence();
            throw;
        }
    }

    /// <inheritdoc cref="Visit{T}"/>
    public Task Visit(Uri address, Func<Visit, Task> story, BrowserNewContextOptions? visitor = null) =>
        Visit(address, async visit =>
        {
            await story(visit);
            return true;
        }, visitor);

    private static async Task<(IPlaywright Driver, IBrowser Chromium)> Start()
    {
        // From where the package is; without this it looks beside the program, where nothing is copied to. It downloads nothing by itself.
        var driver = typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PlaywrightDriver").Value;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", driver);
        Environment.SetEnvironmentVariable("PLAYWRIGHT_NODEJS_PATH", OnPath("node"));

        var program = await FindProgram();
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Quiet, ChromiumSandbox = false }));
    }

    /// <summary>Asks hosting/Local, whose program stands beside this one: it unpacks Chromium where there is none.</summary>
    private static async Task<string> FindProgram()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var local = Path.Combine(here.Parent!.Parent!.FullName, "FitFlow.Hosting.Local", here.Name, "FitFlow.Hosting.Local.dll");
        var start = new ProcessStartInfo("dotnet", [local, "browser"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var found = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? found : throw new InvalidOperationException($"There is no browser for the tests. {(await error).Trim()}");
    }

    private static string OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{program} is not on PATH.");
}
