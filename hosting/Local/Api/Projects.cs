using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Where a project is; the build makes one for each that the AppHost refers to.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file.</summary>
    string ProjectPath { get; }

    /// <summary>Its launch settings, when they are not in a file.</summary>
    LaunchSettings? LaunchSettings => null;

    /// <summary>Whether it is built already.</summary>
    bool SuppressBuild => false;

    /// <summary>Whether it is a single file.</summary>
    bool IsFileBasedApp => false;
}

/// <summary>A resource that others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>How a project is started in development.</summary>
public sealed class LaunchSettings
{
    /// <summary>The ways, by name.</summary>
    [JsonPropertyName("profiles")]
    public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];
}

/// <summary>A way to start a project in development.</summary>
public sealed class LaunchProfile
{
    /// <summary>What starts it.</summary>
    [JsonPropertyName("commandName")]
    public string? CommandName { get; set; }

    /// <summary>Its arguments.</summary>
    [JsonPropertyName("commandLineArgs")]
    public string? CommandLineArgs { get; set; }

    /// <summary>Where it listens.</summary>
    [JsonPropertyName("applicationUrl")]
    public string? ApplicationUrl { get; set; }

    /// <summary>Its environment.</summary>
    [JsonPropertyName("environmentVariables")]
    public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
}

/// <summary>What may be said of a project.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether no launch profile is used.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Whether Kestrel's endpoints in the project's settings are left alone; they always are here.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}

/// <summary>Adding projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name) where TProject : IProjectMetadata, new() =>
        Add(builder, name, new TProject(), new ProjectResourceOptions());

    /// <summary>Adds a project with one of its launch profiles, or none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName) where TProject : IProjectMetadata, new() =>
        Add(builder, name, new TProject(), new ProjectResourceOptions { LaunchProfileName = launchProfileName, ExcludeLaunchProfile = launchProfileName is null });

    /// <summary>Adds a project.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure) where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        return Add(builder, name, new TProject(), options);
    }

    /// <summary>Adds a project by its file.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        Add(builder, name, new ProjectFile(Path.GetFullPath(projectPath, builder.AppHostDirectory)), new ProjectResourceOptions());

    /// <summary>Runs several copies behind one address.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> Add(IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, ProjectResourceOptions options)
    {
        var (profileName, profile) = options.ExcludeLaunchProfile ? default : ReadProfile(metadata, options.LaunchProfileName ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"], options.LaunchProfileName is not null);
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        project.WithEnvironment(context => Otlp.Configure(context, builder.Configuration, builder.Environment));
        return builder.ExecutionContext.IsRunMode ? Running(project, profileName, profile, builder.Environment) : Published(project, profile);
    }

    private static IResourceBuilder<ProjectResource> Running(IResourceBuilder<ProjectResource> project, string? profileName, LaunchProfile? profile, IHostEnvironment environment)
    {
        project.WithEnvironment(context =>
        {
            var urls = new ReferenceExpressionBuilder();
            foreach (var endpoint in project.Resource.GetEndpoints())
            {
                if (!urls.IsEmpty) urls.AppendLiteral(";");
                urls.Append($"{endpoint.Property(EndpointProperty.Scheme)}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");
            }

            if (!urls.IsEmpty) context.EnvironmentVariables.TryAdd("ASPNETCORE_URLS", urls.Build());
            foreach (var (key, value) in profile?.EnvironmentVariables ?? []) context.EnvironmentVariables.TryAdd(key, Environment.ExpandEnvironmentVariables(value));
            if (profileName is not null) context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profileName);
            context.EnvironmentVariables.TryAdd("ASPNETCORE_ENVIRONMENT", environment.EnvironmentName);
        });

        foreach (var url in Urls(profile))
            project.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, url.Scheme, port: url.Port) { FromLaunchProfile = true });
        return project;
    }

    private static IResourceBuilder<ProjectResource> Published(IResourceBuilder<ProjectResource> project, LaunchProfile? profile)
    {
        var fromProfile = new HashSet<EndpointAnnotation>();
        project.WithEnvironment(context =>
        {
            if (project.Resource.GetEndpoints().Any()) context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            foreach (var scheme in new[] { "http", "https" })
            {
                var ports = new ReferenceExpressionBuilder();
                // Behind a deployment's proxy the project itself speaks http, whatever its launch profile says.
                foreach (var endpoint in project.Resource.GetEndpoints().Where(e => e.Scheme == scheme && !(scheme == "https" && fromProfile.Contains(e.EndpointAnnotation))))
                {
                    if (!ports.IsEmpty) ports.AppendLiteral(";");
                    ports.Append($"{endpoint.Property(EndpointProperty.TargetPort)}");
                }

                if (!ports.IsEmpty) context.EnvironmentVariables.TryAdd($"{scheme.ToUpperInvariant()}_PORTS", ports.Build());
            }
        });

        if (profile?.ApplicationUrl is null) return project;
        foreach (var scheme in new[] { "http", "https" })
        {
            var endpoint = new EndpointAnnotation(ProtocolType.Tcp, scheme) { FromLaunchProfile = true };
            fromProfile.Add(endpoint);
            project.WithAnnotation(endpoint);
        }

        return project;
    }

    private static IEnumerable<Uri> Urls(LaunchProfile? profile) =>
        (profile?.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(u => new Uri(u)).DistinctBy(u => u.Scheme);

    private static (string? Name, LaunchProfile? Profile) ReadProfile(IProjectMetadata metadata, string? wanted, bool required)
    {
        var file = Path.Combine(Path.GetDirectoryName(metadata.ProjectPath)!, "Properties", "launchSettings.json");
        var settings = metadata.LaunchSettings;
        if (settings is null && File.Exists(file))
        {
            settings = JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(file), new JsonSerializerOptions { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }

        if (wanted is not null && settings?.Profiles.GetValueOrDefault(wanted) is { } named) return (wanted, named);
        if (required) throw new DistributedApplicationException($"The launch profile '{wanted}' of {metadata.ProjectPath} does not exist.");
        var first = settings?.Profiles.FirstOrDefault(p => p.Value.CommandName == "Project");
        return (first?.Key, first?.Value);
    }

    private sealed record ProjectFile(string ProjectPath) : IProjectMetadata;
}

internal static class Otlp
{
    /// <summary>Telemetry goes to the dashboard when there is one; without it nothing is exported.</summary>
    public static void Configure(EnvironmentCallbackContext context, IConfiguration configuration, IHostEnvironment environment)
    {
        if (context.ExecutionContext.IsPublishMode) return;
        var variables = context.EnvironmentVariables;
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = new InstanceId();

        var (endpoint, protocol) = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } grpc ? (grpc, "grpc")
            : (configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"], "http/protobuf");
        if (string.IsNullOrEmpty(endpoint)) return;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        if (configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key) variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        if (!environment.IsDevelopment()) return;
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
    }

    /// <summary>Each copy of a service is an instance of its own.</summary>
    private sealed class InstanceId : IValueProvider
    {
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<string?>($"service.instance.id={FitFlow.Hosting.Local.Running.ProcessPorts.Instance}");
    }
}
