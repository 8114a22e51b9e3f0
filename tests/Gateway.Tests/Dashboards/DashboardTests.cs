using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FitFlow.Gateway.Tests.Dashboards;

/// One page out of several services, with whatever of them answers.
public sealed class DashboardTests : IAsyncLifetime
{
    private static readonly Guid Client = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private readonly Dictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal)
    {
        ["identity"] = Json($$"""{"id":"{{Client}}","first_name":"Ann"}"""),
        ["training"] = Json("""{"data":[{"id":"p1","client_id":"c1"},{"id":"p2","client_id":"c1"},{"id":"p3","client_id":"c2"}],"next_cursor":null}"""),
        ["scheduling"] = Json("""{"data":[{"id":"b1","starts_at":"2027-03-08T10:00:00Z"}],"next_cursor":null}"""),
        ["progress"] = Json("""{"total_workouts":12,"adherence_rate":0.9}"""),
    };

    private readonly List<Stub> _services = [];
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var service in _answers.Keys) _services.Add(await Stub.Start(service, http => _answers[service](http)));
        _gateway = await GatewayProcess.Start(_services, ("Calls:BreakerCalls", "1000"));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        foreach (var service in _services) await service.DisposeAsync();
    }

    [Fact]
    public async Task AClientsPageHasWhatEachServiceSaysAndEachIsAskedAsTheCaller()
    {
        var (answer, token) = await Ask($"/api/v1/dashboard/client/{Client}");

        answer.ShouldBe(HttpStatusCode.OK);
        var page = await answer.Read();
        Assert.Equal("Ann", page.GetProperty("profile").GetProperty("first_name").GetString());
        Assert.Equal(3, page.GetProperty("active_programs").GetArrayLength());
        Assert.Equal("b1", page.GetProperty("upcoming_bookings")[0].GetProperty("id").GetString());
        Assert.Equal(12, page.GetProperty("progress_summary").GetProperty("total_workouts").GetInt32());
        Assert.Equal(0, page.GetProperty("partial").GetArrayLength());
        Assert.All(_services, service =>
        {
            Assert.Equal($"Bearer {token}", service.Last.Headers["Authorization"]);
            Assert.Equal("0197a0a0-0000-7000-8000-000000000001", service.Last.Headers["X-Studio-Id"]);
            Assert.Equal(answer.Headers.GetValues("X-Correlation-Id").Single(), service.Last.Headers["X-Correlation-Id"]);
            Assert.Contains(Client.ToString(), service.Last.Target, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task ATrainersPageCountsEachClientOnce()
    {
        var (answer, _) = await Ask($"/api/dashboard/trainer/{Client}");

        var page = await answer.Read();
        Assert.Equal("Ann", page.GetProperty("profile").GetProperty("first_name").GetString());
        Assert.Equal(2, page.GetProperty("active_clients").GetInt32());
        Assert.Equal("b1", page.GetProperty("today_schedule")[0].GetProperty("id").GetString());
        Assert.Equal(0, page.GetProperty("partial").GetArrayLength());
        Assert.Contains("date=today", _services[2].Last.Target, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Troubles() => new()
    {
        { "hangs", "" },
        { "breaks off", "" },
        { "answers garbage", "<html>" },
        { "answers half", """{"data":[""" },
        { "answers something else", """["not", "an", "object"]""" },
        { "fails", "500" },
        { "refuses", "403" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task WhoeverIsInTroubleIsNamedAndTheRestIsThere(string trouble, string text)
    {
        _answers["training"] = trouble switch
        {
            "hangs" => http => Task.Delay(Timeout.Infinite, http.RequestAborted),
            "breaks off" => http =>
            {
                http.Abort();
                return Task.CompletedTask;
            }
            ,
            "fails" or "refuses" => Refuse(int.Parse(text), "some.code"),
            _ => Json(text),
        };

        var (answer, _) = await Ask($"/api/v1/dashboard/client/{Client}");

        answer.ShouldBe(HttpStatusCode.OK);
        var page = await answer.Read();
        Assert.Equal(["programs"], page.GetProperty("partial").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("active_programs").ValueKind);
        Assert.Equal(12, page.GetProperty("progress_summary").GetProperty("total_workouts").GetInt32());
    }

    [Fact]
    public async Task OfServicesThatAreDownOrNotBuiltThereIsNothing()
    {
        await using var identity = await Stub.Start("identity", _answers["identity"]);
        var progress = await Stub.Start("progress");
        await using var gateway = await GatewayProcess.Start([identity, progress]);
        await progress.DisposeAsync();
        using var ann = gateway.As(Stub.Person());

        var page = await (await ann.GetAsync($"/api/v1/dashboard/client/{Client}")).Read();

        Assert.Equal("Ann", page.GetProperty("profile").GetProperty("first_name").GetString());
        Assert.Equal(["programs", "bookings", "progress"], page.GetProperty("partial").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task WhoeverHangsIsNotWaitedForByEveryPage()
    {
        await using var identity = await Stub.Start("identity", _answers["identity"]);
        await using var training = await Stub.Start("training", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var gateway = await GatewayProcess.Start([identity, training]);
        using var ann = gateway.As(Stub.Person());
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ann.GetAsync($"/api/v1/dashboard/client/{Client}")));
        var asked = training.Seen.Count;

        var page = await (await ann.GetAsync($"/api/v1/dashboard/client/{Client}")).Read();

        Assert.Equal(asked, training.Seen.Count);
        Assert.Contains("programs", page.GetProperty("partial").EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [InlineData(401, "auth.token_revoked", HttpStatusCode.Unauthorized)]
    [InlineData(403, "users.not_yours", HttpStatusCode.Forbidden)]
    [InlineData(404, "users.unknown", HttpStatusCode.NotFound)]
    public async Task WhoMayNotSeeThePersonGetsNoPage(int status, string code, HttpStatusCode expected)
    {
        _answers["identity"] = Refuse(status, code);

        foreach (var page in new[] { "client", "trainer" })
        {
            var (answer, _) = await Ask($"/api/v1/dashboard/{page}/{Client}");
            await answer.ShouldBeProblem(expected, code);
        }
    }

    [Fact]
    public async Task APersonIsNamedByAnId()
    {
        var (answer, _) = await Ask("/api/v1/dashboard/client/me");

        await answer.ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        Assert.All(_services, service => Assert.Empty(service.Seen));
    }

    private async Task<(HttpResponseMessage Answer, string Token)> Ask(string address)
    {
        var token = Stub.Sign(Stub.Person());
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "X-Studio-Id", "0197a0a0-0000-7000-8000-000000000001" } } };
        request.Headers.Authorization = new("Bearer", token);
        return (await _gateway.Http.SendAsync(request), token);
    }

    private static RequestDelegate Json(string text) => http =>
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(text);
    };

    private static RequestDelegate Refuse(int status, string code) => http =>
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { status, code }, options: null, contentType: "application/problem+json");
    };
}
