using Aspire.Hosting;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Tests.Running;

public sealed class ReplicaTests
{
    [Fact]
    public async Task CopiesShareOneAddressAndOneMayDie()
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service").WithReplicas(3));
        await app.Healthy("service");
        foreach (var copy in new[] { "service-1", "service-2", "service-3" })
            await Eventually.Holds(() => app.Written(copy)["health"]?.GetValue<string>() == "Healthy", $"{copy} serves");
        Assert.Equal(3, (await Answers(app, 30)).Distinct().Count());

        var victim = app.Pid("service-2");
        Signal.Send(victim, Signal.Kill);

        await Eventually.Holds(() => app.Written("service-2")["restarts"]!.GetValue<int>() == 1, "the copy is started again");
        // Every caller is answered by one that lives.
        Assert.DoesNotContain(victim.ToString(), await Answers(app, 30));
        await Eventually.Holds(() => app.Written("service-2")["health"]?.GetValue<string>() == "Healthy", "the copy serves again");
        Assert.Equal(3, (await Answers(app, 30)).Distinct().Count());
    }

    [Fact]
    public async Task EachCopyIsAnInstanceOfItsOwn()
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service").WithReplicas(2));
        foreach (var copy in new[] { "service-1", "service-2" })
            await Eventually.Holds(() => app.Written(copy)["health"]?.GetValue<string>() == "Healthy", $"{copy} serves");

        var instances = await Answers(app, 20, "/variables/OTEL_RESOURCE_ATTRIBUTES");

        Assert.Equal(["service.instance.id=service-1", "service.instance.id=service-2"], instances.Distinct().Order());
    }

    [Fact]
    public async Task AProcessWithAPortOfItsOwnStandsBehindAnother()
    {
        using var free = new PortBook();
        var own = free.Any();
        await using var app = await LocalApplication.Start(builder =>
            builder.AddEcho("service").WithHttpEndpoint(targetPort: own).WithHttpHealthCheck("/health"));
        await app.Healthy("service");
        using var client = app.Client("service");

        Assert.NotEqual(own, client.BaseAddress!.Port);
        Assert.Equal($"http://localhost:{own}", await client.GetStringAsync("/variables/ASPNETCORE_URLS"));
    }

    /// <summary>Each on a connection of its own, so that each is given to the next copy.</summary>
    private static async Task<IReadOnlyList<string>> Answers(LocalApplication app, int number, string path = "/pid")
    {
        var answers = new List<string>();
        for (var i = 0; i < number; i++)
        {
            using var client = app.Client("service");
            client.DefaultRequestHeaders.ConnectionClose = true;
            answers.Add(await client.GetStringAsync(path));
        }

        return answers;
    }
}
