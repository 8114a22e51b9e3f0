using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using FitFlow.Hosting.Local;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Hosting.Tests.Running;

/// <summary>An application that a test puts together of real processes.</summary>
internal sealed class LocalApplication(DistributedApplication app) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public DistributedApplication App => app;

    public Home Home => app.Services.GetRequiredService<Home>();

    public static async Task<LocalApplication> Start(Action<IDistributedApplicationBuilder> compose, params string[] args)
    {
        var builder = DistributedApplicationTestingBuilder.Create(args);
        compose(builder);
        var app = await builder.BuildAsync();
        await app.StartAsync();
        return new LocalApplication(app);
    }

    public HttpClient Client(string resource) => app.CreateHttpClient(resource);

    public async Task Healthy(string resource) => await app.ResourceNotifications.WaitForResourceHealthyAsync(resource).WaitAsync(Patience);

    public async Task<string> State(string resource, params string[] states) =>
        await app.ResourceNotifications.WaitForResourceAsync(resource, states).WaitAsync(Patience);

    public async Task<string> FailsBecause(string resource) =>
        (await Assert.ThrowsAsync<DistributedApplicationException>(() => Healthy(resource))).Message;

    /// <summary>What state.json says of it.</summary>
    public JsonNode Written(string name) =>
        JsonNode.Parse(File.ReadAllText(Home.StateFile))!["resources"]!.AsArray().Single(r => r!["name"]!.GetValue<string>() == name)!;

    public int Pid(string name) => Written(name)["pid"]!.GetValue<int>();

    public string Log(string resource) => File.ReadAllText(Home.LogFile(resource));

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal static class Compositions
{
    public static IResourceBuilder<ProjectResource> AddEcho(this IDistributedApplicationBuilder builder, string name) => builder.AddProject(name, Programs.EchoProject);

    public static IResourceBuilder<ProjectResource> AddEchoService(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddEcho(name).WithHttpEndpoint().WithHttpHealthCheck("/health");

    /// <summary>A shell's words; each says when it was.</summary>
    public static IResourceBuilder<ExecutableResource> AddScript(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "sh", Path.GetTempPath(), "-c", script);
}

/// <summary>A folder for one test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("fitflow-test-").FullName;

    public string At(string file) => Path.Combine(Root, file);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
