using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FitFlow.Hosting.Tests.Running;

public sealed class TestingBuilderTests
{
    [Fact]
    public async Task AnAppHostRunsInATestOnPortsAndDataOfItsOwn()
    {
        string root;
        await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Small>())
        {
            builder.AddEchoService("added-by-the-test");
            await using var app = await builder.BuildAsync();
            await app.StartAsync();
            await app.ResourceNotifications.WaitForResourceHealthyAsync("second");
            await app.ResourceNotifications.WaitForResourceHealthyAsync("added-by-the-test");
            root = app.Services.GetRequiredService<Home>().Root;

            Assert.True(Directory.Exists(root));
            Assert.NotEqual(4310, app.GetEndpoint("second").Port);
            using var client = app.CreateHttpClient("first");
            Assert.Equal("well", await client.GetStringAsync("/health"));
            Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody"));
            await Assert.ThrowsAsync<ArgumentException>(async () => await app.GetConnectionStringAsync("first"));
        }

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task ATestMayLookAtFitFlowWithoutRunningIt()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.FitFlow_AppHost>();

        var migrate = builder.Resources.Single(r => r.Name == "identity-migrate");
        var identity = builder.Resources.Single(r => r.Name == "identity");

        Assert.Contains(identity.Annotations.OfType<WaitAnnotation>(), w => w.Resource == migrate && w.WaitType == WaitType.WaitForCompletion);
        Assert.Equal(4000, builder.Resources.Single(r => r.Name == "gateway").Annotations.OfType<EndpointAnnotation>().Single().Port);
        Assert.Equal(Path.Combine(Checkout.Root, "FitFlow.AppHost"), builder.AppHostDirectory);
    }

    [Fact]
    public async Task AnAppHostThatThrowsIsHeardOf()
    {
        var error = await Assert.ThrowsAsync<FormatException>(() => DistributedApplicationTestingBuilder.CreateAsync<Projects.Small>(["--Required=none"]));

        Assert.Contains("none", error.Message);
    }

    [Fact]
    public async Task WhatACrashedTestRunHasLeftIsRemovedByTheNext()
    {
        await using var host = new SmallHost();
        // A home of a process that is no more.
        var stale = Path.Combine(Path.GetTempPath(), $"fitflow-tests-{Environment.UserName}", "999999999.1-1");
        Directory.CreateDirectory(stale);
        await File.WriteAllTextAsync(Path.Combine(stale, "left"), "behind");

        await TestHome.Sweep();

        await Eventually.Holds(() => !Directory.Exists(stale), "the home is gone");
    }
}
