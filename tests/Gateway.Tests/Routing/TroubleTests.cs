using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;

namespace FitFlow.Gateway.Tests.Routing;

/// Services that are killed, hang, are slow or break off.
public sealed class TroubleTests
{
    private const string Workouts = "/api/v1/workouts";

    [Fact]
    public async Task AServiceThatIsKilledIsNotAskedForAWhileAndFoundAgain()
    {
        await using var identity = await Stub.Start("identity");
        var training = await Stub.Start("training");
        await using var gateway = await GatewayProcess.Start([identity, training], ("Clusters:training:BreakerOpen", "00:00:03"));
        using var ann = gateway.As(Stub.Person());
        (await ann.GetAsync(Workouts)).ShouldBe(HttpStatusCode.OK);

        var address = training.Address;
        await training.DisposeAsync();
        await Eventually.Holds(async () => (await Refused(ann)).Headers.RetryAfter!.Delta < TimeSpan.FromSeconds(4), "the breaker is open and says for how long");
        await Eventually.Holds(() => gateway.Output.Any(line => line.Contains("training fails too often", StringComparison.Ordinal)), "the log says so");

        // The others go on.
        (await ann.GetAsync("/api/v1/users/me")).ShouldBe(HttpStatusCode.OK);

        await using var again = await Stub.Start("training", at: address);
        await Eventually.Holds(async () => (await ann.GetAsync(Workouts)).StatusCode == HttpStatusCode.OK, "it is asked again, and answers");
        await Eventually.Holds(() => gateway.Output.Any(line => line.Contains("training answers again", StringComparison.Ordinal)), "the log says so");
    }

    [Fact]
    public async Task AServiceThatHangsIsGivenUpAndThenNotWaitedFor()
    {
        await using var identity = await Stub.Start("identity");
        await using var training = await Stub.Start("training", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var gateway = await GatewayProcess.Start([identity, training], ("Clusters:training:Timeout", "00:00:01"));
        using var ann = gateway.As(Stub.Person());

        var first = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ann.GetAsync(Workouts)));
        foreach (var answer in first) Assert.Equal("training", (await answer.ShouldBeProblem(HttpStatusCode.GatewayTimeout, "timeout")).GetProperty("dependency").GetString());

        var asked = training.Seen.Count;
        await Refused(ann);
        Assert.Equal(asked, training.Seen.Count);
    }

    [Fact]
    public async Task WhatAServiceAnswersIsItsAnswerHoweverBad()
    {
        await using var identity = await Stub.Start("identity");
        await using var training = await Stub.Start("training", http =>
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return http.Response.WriteAsJsonAsync(new { code = "internal_error" }, options: null, contentType: "application/problem+json");
        });
        await using var gateway = await GatewayProcess.Start([identity, training]);
        using var ann = gateway.As(Stub.Person());

        for (var i = 0; i < 30; i++) (await ann.GetAsync(Workouts)).ShouldBe(HttpStatusCode.InternalServerError);

        Assert.Equal(30, training.Seen.Count);
    }

    [Fact]
    public async Task AnAnswerThatBreaksOffDoesNotLookWhole()
    {
        await using var identity = await Stub.Start("identity");
        var enough = new TaskCompletionSource();
        await using var training = await Stub.Start("training", async http =>
        {
            http.Response.ContentLength = 1_000;
            await http.Response.WriteAsync("half of ");
            await http.Response.Body.FlushAsync();
            await enough.Task;
            http.Abort();
        });
        await using var gateway = await GatewayProcess.Start([identity, training]);
        using var ann = gateway.As(Stub.Person());

        using var answer = await ann.GetAsync(Workouts, HttpCompletionOption.ResponseHeadersRead);
        enough.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task AnAnswerThatIsNoHttpIsTheServicesFault()
    {
        await using var identity = await Stub.Start("identity");
        await using var training = await Stub.Start("training", http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayProcess.Start([identity, training]);
        using var ann = gateway.As(Stub.Person());

        Assert.Equal("training", (await (await ann.GetAsync(Workouts)).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable")).GetProperty("dependency").GetString());
    }

    [Fact]
    public async Task OfTwoReplicasTheOneThatLivesAnswersWhateverOnlyReads()
    {
        await using var identity = await Stub.Start("identity");
        await using var living = await Stub.Start("training");
        var dead = await Stub.Start("training");
        await using var gateway = await GatewayProcess.Start([identity, living, dead]);
        using var ann = gateway.As(Stub.Person());
        await dead.DisposeAsync();

        for (var i = 0; i < 40; i++) (await ann.GetAsync(Workouts)).ShouldBe(HttpStatusCode.OK);

        // Writing is not repeated for anybody; once the dead one is known to be dead, it is not asked any more.
        await Eventually.Holds(async () =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ann.PostAsJsonAsync(Workouts, new { })));
            Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }));
            return answers.All(answer => answer.StatusCode == HttpStatusCode.OK);
        }, "only the living one is asked");
        Assert.All(living.Seen.Where(seen => seen.Method == "POST"), seen => Assert.Equal("{}", seen.Body));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyBeyondTheLimitIsTheCallersFault(bool chunked)
    {
        await using var identity = await Stub.Start("identity");
        await using var gateway = await GatewayProcess.Start([identity]);
        using var ann = gateway.As(Stub.Person());
        using var body = new ByteArrayContent(new byte[(1024 * 1024) + 1]);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/users/me") { Content = body };
        request.Headers.TransferEncodingChunked = chunked;

        await (await ann.SendAsync(request)).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "request.too_large");

        (await ann.PutAsync("/api/v1/users/me", new ByteArrayContent(new byte[1024 * 1024]))).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> Refused(HttpClient http)
    {
        var answer = await http.GetAsync(Workouts);
        Assert.Equal("training", (await answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "dependency.unavailable")).GetProperty("dependency").GetString());
        return answer;
    }
}
