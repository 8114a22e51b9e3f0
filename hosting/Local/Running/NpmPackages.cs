using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.JavaScript;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Running;

/// <summary>The packages of a JavaScript application, installed before its first start and whenever what it asks for has changed.</summary>
internal static class NpmPackages
{
    public static async Task Install(JavaScriptAppResource app, NpmInstallAnnotation install, string marker, Action<string> log, CancellationToken ct)
    {
        if (AreInstalled(app.WorkingDirectory)) return;
        var npm = ChildProcess.Start(new Launch("npm", [install.Command, .. install.Args], new Dictionary<string, string>(StringComparer.Ordinal), app.WorkingDirectory), marker, log);
        try
        {
            if (await npm.Exited.WaitAsync(ct) is not 0 and var exitCode)
                throw new LocalHostingException($"npm {install.Command} ended with exit code {exitCode}: {OneLine.Squeeze(string.Join(" | ", npm.LastLines.Where(l => l.Contains("ERR", StringComparison.OrdinalIgnoreCase)).Take(4)))}");
        }
        finally
        {
            if (!npm.Exited.IsCompleted) await npm.Stop(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    /// <summary>npm writes down what it has installed as its last step.</summary>
    private static bool AreInstalled(string folder)
    {
        var written = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        return written.Exists && new[] { "package.json", "package-lock.json" }.All(f => File.GetLastWriteTimeUtc(Path.Combine(folder, f)) <= written.LastWriteTimeUtc);
    }
}
