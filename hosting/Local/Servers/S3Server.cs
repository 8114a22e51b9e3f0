using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Servers;

internal static class S3Server
{
    public static async Task<Launch> Prepare(ServerSettings settings, ServerStore store, CancellationToken ct)
    {
        var packages = await NodePackages.Install(store, ct);
        var environment = packages.Environment;
        environment["S3_ACCESS_KEY"] = settings.UserName;
        environment["S3_SECRET_KEY"] = settings.Password;
        environment["S3_PORT"] = $"{settings.Port}";
        environment["S3_DIRECTORY"] = PrivateFile.Folder(settings.DataDirectory);
        environment["S3_BUCKETS"] = settings.Options.GetValueOrDefault("buckets", "");
        return new Launch(packages.Node, [packages.At("s3.js")], environment, settings.DataDirectory) { Ping = stop => Ping(settings, stop) };
    }

    private static async Task<string?> Ping(ServerSettings settings, CancellationToken ct)
    {
        try
        {
            // Nobody's question: answered, and refused. That is as much as can be known without signing one.
            using var answer = await Pings.Http.GetAsync($"http://127.0.0.1:{settings.Port}/", ct);
            return (int)answer.StatusCode < 500 ? Disk.Complaint(settings.DataDirectory) : $"the S3 server answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return $"the S3 server does not answer on port {settings.Port}: {e.Message}";
        }
    }
}
