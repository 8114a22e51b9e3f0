using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Playwright;
using Xunit;

namespace FitFlow.Testing;

/// <summary>One page open in a browser, and what it has complained about.</summary>
public sealed class Visit
{
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly ConcurrentQueue<string> _forgiven = [];

    internal Visit(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _complaints.Enqueue($"{message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Crash += (_, _) => _complaints.Enqueue("The page has crashed.");
    }

    public IPage Page { get; }

    /// <summary>Complaints that contain this are part of the story: the browser itself reports every answer of 400 and above, say.</summary>
    public void Forgive(string complaint) => _forgiven.Enqueue(complaint);

    /// <summary>A picture of the whole page, in artifacts/screenshots under the test's name.</summary>
    public async Task<string> Screenshot(string name)
    {
        var file = Path.Combine(Folder(), $"{OfTest()}.{name}.png");
        await Page.ScreenshotAsync(new() { Path = file, FullPage = true, Animations = ScreenshotAnimations.Disabled });
        return file;
    }

    internal void ShouldHaveNoComplaints()
    {
        var complaints = _complaints.Where(complaint => !_forgiven.Any(part => complaint.Contains(part, StringComparison.Ordinal))).ToList();
        if (complaints.Count > 0) Assert.Fail($"{Page.Url} complains:{string.Concat(complaints.Select(complaint => $"{Environment.NewLine}  {complaint}"))}");
    }

    internal async Task LeaveEvidence()
    {
        foreach (var complaint in _complaints) TestContext.Current.TestOutputHelper?.WriteLine($"{Page.Url} complains: {complaint}");
        try
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{Page.Url} looked like this: {await Screenshot("failed")}");
        }
        catch (PlaywrightException e)
        {
            // A page that is gone cannot be shown; what the story failed with is what counts.
            TestContext.Current.TestOutputHelper?.WriteLine($"{Page.Url} cannot be shown: {e.Message}");
        }
    }

    /// <summary>Beside the folder of all programs: artifacts/bin/project/debug.</summary>
    private static string Folder() => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../screenshots"));

    private static string OfTest() => TestContext.Current.TestMethod is { } method
        ? $"{method.TestClass.TestClassSimpleName}.{method.MethodName}"
        : Assembly.GetEntryAssembly()?.GetName().Name ?? "page";
}
