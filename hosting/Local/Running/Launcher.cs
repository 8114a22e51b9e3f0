using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.JavaScript;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Running;

/// <summary>How each kind of resource becomes a process.</summary>
internal sealed class Launcher(DistributedApplicationModel model, DistributedApplicationExecutionContext execution, Home home, ServerLauncher servers)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    public string Marker { get; } = Sweeper.Marker(home);

    public int ExpectedExitCode(IResource resource) => Completions(resource).FirstOrDefault()?.ExitCode ?? 0;

    /// <summary>Somebody waits until it has ended.</summary>
    public bool IsOneShot(IResource resource) => Completions(resource).Any();

    public async Task<Launch> Prepare(Part part, Action<string> log, CancellationToken ct)
    {
        ProcessPorts.Use(part.Name, part.Ports);
        if (part.Resource is ContainerResource container) return await servers.Prepare(container, part, ct);

        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in await Evaluated.Environment(part.Resource, execution, ct)) environment[name] = await Evaluated.Text(value, ct);
        var arguments = new List<string>();
        foreach (var argument in await Evaluated.Args(part.Resource, execution, ct)) arguments.Add(await Evaluated.Text(argument, ct));

        var (file, first, directory) = part.Resource switch
        {
            ProjectResource project => (ProgramFile.Dotnet(), new[] { ProjectOutput.Find(project.GetProjectMetadata().ProjectPath) }, Path.GetDirectoryName(project.GetProjectMetadata().ProjectPath)!),
            ExecutableResource executable => (executable.Command, [], executable.WorkingDirectory),
            _ => throw new LocalHostingException($"a {part.Resource.GetType().Name} is no process"),
        };
        if (!Directory.Exists(directory)) throw new LocalHostingException($"its folder {directory} does not exist");
        if (part.Resource is JavaScriptAppResource app && app.TryGetLastAnnotation<NpmInstallAnnotation>(out var packages)) await NpmPackages.Install(app, packages, Marker, log, ct);
        return new Launch(file, [.. first, .. arguments], environment, directory) { Ping = Ping(part) };
    }

    private IEnumerable<WaitAnnotation> Completions(IResource resource) =>
        model.Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>()).Where(w => w.WaitType == WaitType.WaitForCompletion && w.Resource == resource);

    /// <summary>By the request that was asked for, else by its port; what has none is healthy when it has lived for a moment.</summary>
    private static Func<CancellationToken, Task<string?>> Ping(Part part)
    {
        var endpoints = part.Resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        if (endpoints.Length == 0) return _ => Task.FromResult(part.Process?.Age > Moment ? null : "it has only just started");
        if (!part.Resource.TryGetLastAnnotation<HttpHealthCheckAnnotation>(out var check)) return Pings.OverTcp(part.Ports[endpoints[0]]);
        var endpoint = endpoints.FirstOrDefault(e => check.EndpointName is null ? e.UriScheme is "http" or "https" : string.Equals(e.Name, check.EndpointName, StringComparison.OrdinalIgnoreCase))
            ?? throw new LocalHostingException($"its health check needs an http endpoint{(check.EndpointName is null ? "" : $" '{check.EndpointName}'")}");
        return Pings.OverHttp($"{endpoint.UriScheme}://localhost:{part.Ports[endpoint].ToString(CultureInfo.InvariantCulture)}{(check.Path.StartsWith('/') ? "" : "/")}{check.Path}", check.StatusCode);
    }
}

/// <summary>Where the build has put a project.</summary>
internal static class ProjectOutput
{
    public static string Find(string projectPath)
    {
        if (!File.Exists(projectPath)) throw new LocalHostingException($"the project {projectPath} does not exist");
        var name = Path.GetFileNameWithoutExtension(projectPath);
        // Whatever configuration the AppHost was built in, its projects were built in it, too.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        for (var here = Directory.GetParent(projectPath); here is not null; here = here.Parent)
        {
            var output = Path.Combine(here.FullName, "artifacts", "bin", name);
            if (!Directory.Exists(output)) continue;
            var built = Path.Combine(output, configuration, $"{name}.dll");
            if (File.Exists(built)) return built;
            throw new LocalHostingException($"it is not built for '{configuration}': {built} does not exist; run: dotnet build {projectPath}");
        }

        throw new LocalHostingException($"it is not built; run: dotnet build {projectPath}");
    }
}
