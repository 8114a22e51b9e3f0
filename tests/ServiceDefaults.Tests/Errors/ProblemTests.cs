using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.ServiceDefaults.Tests.Errors;

public sealed class ProblemTests : IAsyncLifetime
{
    private TestService _service = null!;

    private sealed record Order(string Name, int Count, DateTimeOffset At, Level Level = Level.Low);

    private enum Level
    {
        Low,
        VeryHigh,
    }

    public async ValueTask InitializeAsync() => _service = await TestService.Start(app =>
    {
        var api = app.MapGroup("/").Public();
        api.MapGet("/broken", string () => throw new InvalidOperationException("secret detail"));
        api.MapGet("/down", string () => throw new DependencyDownException("mysql"));
        api.MapGet("/conflict", () => Problems.Conflict("orders.taken", "It is taken.", ("next_free", new[] { 1, 2 })));
        api.MapGet("/missing", () => Problems.NotFound("orders.unknown"));
        api.MapGet("/empty/{status:int}", (int status) => Results.StatusCode(status));
        api.MapGet("/half", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("half of ");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("too late");
        });
        api.MapGet("/find", (Guid id, [Range(1, 100)] int limit = 10) => $"{id} {limit}");
        api.MapGet("/slow", async (CancellationToken ct) => await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, ct))
            .WithRequestTimeout(TimeSpan.FromMilliseconds(50));
        api.MapPost("/orders", (Order order) => order);
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task ACallerWhoLeavesInTheMiddleOfTheAnswerIsNoError()
    {
        var outcome = new TaskCompletionSource<Exception?>();
        await using var half = await TestService.Start(
            app => app.MapGet("/half", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("half of ");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }).Public(),
            builder => builder.Services.AddSingleton<IStartupFilter>(new Watching(outcome)));

        var answer = await half.Client.GetAsync("/half", HttpCompletionOption.ResponseHeadersRead);
        answer.Dispose();
        Assert.Null(await outcome.Task);
    }

    /// <summary>Sees what comes out of the whole pipeline.</summary>
    private sealed class Watching(TaskCompletionSource<Exception?> outcome) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext context, RequestDelegate rest) =>
            {
                try
                {
                    await rest(context);
                    outcome.SetResult(null);
                }
                catch (Exception e)
                {
                    outcome.SetResult(e);
                    throw;
                }
            });
            next(app);
        };
    }

    [Fact]
    public async Task AnExceptionIsAProblemThatTellsNothingOfItself()
    {
        var response = await _service.Get("/broken");
        await response.ShouldBeProblem(500, "internal_error");
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADependencyThatIsDownIs503AndSaysWhenToComeBack()
    {
        var response = await _service.Get("/down");
        var problem = await response.ShouldBeProblem(503, "dependency.unavailable");
        Assert.Equal("mysql", problem.GetProperty("dependency").GetString());
        Assert.Equal("5", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task AConflictCarriesWhatHelps()
    {
        var problem = await (await _service.Get("/conflict")).ShouldBeProblem(409, "orders.taken");
        Assert.Equal("It is taken.", problem.GetProperty("detail").GetString());
        Assert.Equal(2, problem.GetProperty("next_free")[1].GetInt32());
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not_found")]
    [InlineData("GET", "/missing", 404, "orders.unknown")]
    [InlineData("PUT", "/orders", 405, "method_not_allowed")]
    [InlineData("GET", "/empty/401", 401, "auth.required")]
    [InlineData("GET", "/empty/404", 404, "not_found")]
    [InlineData("GET", "/empty/418", 418, "request.refused")]
    [InlineData("GET", "/empty/500", 500, "internal_error")]
    [InlineData("GET", "/slow", 504, "timeout")]
    public async Task EveryErrorStatusIsAProblem(string method, string path, int status, string code) =>
        await (await _service.Send(new HttpMethod(method), path)).ShouldBeProblem(status, code);

    [Theory]
    [InlineData("""{"name":"a","count":"x","at":"2027-01-01T00:00:00Z"}""", "count", "is not valid")]
    [InlineData("""{"name":"a","count":1,"at":"soon"}""", "at", "is not valid")]
    [InlineData("""{"name":"a","at":"2027-01-01T00:00:00Z"}""", "count", "is required")]
    [InlineData("""{"count":1,"at":"2027-01-01T00:00:00Z"}""", "name", "is required")]
    [InlineData("""{"name":"a","count":1,"at":"2027-01-01T00:00:00Z","level":"highest"}""", "level", "is not valid")]
    [InlineData("""{"name":"a","count":1,"at":"2027-01-01T00:00:00Z","level":1}""", "level", "is not valid")]
    public async Task ABodyOfWrongFieldsNamesThem(string json, string field, string error)
    {
        var problem = await (await PostText("/orders", json)).ShouldBeProblem(400, "request.invalid");
        Assert.Equal(error, problem.GetProperty("errors").GetProperty(field)[0].GetString());
    }

    [Fact]
    public async Task SeveralMissingFieldsAreNamedAtOnce()
    {
        var problem = await (await PostText("/orders", """{"name":"a"}""")).ShouldBeProblem(400, "request.invalid");
        Assert.Equal(["at", "count"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"name":""")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"name":"a","name":"b","count":1,"at":"2027-01-01T00:00:00Z"}""")]
    public async Task ABodyThatIsNotTheExpectedJsonIsRefused(string json)
    {
        var response = await PostText("/orders", json);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains((await response.Json()).GetProperty("code").GetString(), new[] { "request.malformed", "request.invalid" });
    }

    [Fact]
    public async Task AnEmptyBodyAndAnotherMediaTypeAreRefused()
    {
        await (await _service.Send(HttpMethod.Post, "/orders")).ShouldBeProblem(400, "request.invalid");
        using var text = new StringContent("name=a", Encoding.UTF8, "text/plain");
        await (await _service.Client.PostAsync("/orders", text)).ShouldBeProblem(415, "request.not_json");
    }

    [Fact]
    public async Task AnUnknownFieldIsIgnoredAndReachesNothing()
    {
        var answer = await (await PostText("/orders", """{"name":"a","count":1,"at":"2027-01-01T00:00:00Z","level":"very_high","role":"admin"}""")).Json();
        Assert.Equal("very_high", answer.GetProperty("level").GetString());
        Assert.False(answer.TryGetProperty("role", out _));
    }

    [Fact]
    public async Task ABodyThatIsTooLargeIsRefused()
    {
        var json = $$"""{"name":"{{new string('a', 1024 * 1024)}}","count":1,"at":"2027-01-01T00:00:00Z"}""";
        await (await PostText("/orders", json)).ShouldBeProblem(413, "request.too_large");
    }

    [Theory]
    [InlineData("/find?id=7&limit=1", "id")]
    [InlineData("/find?limit=1", "id")]
    [InlineData("/find?id=0197a2b4-0000-7000-8000-000000000000&limit=many", "limit")]
    [InlineData("/find?id=0197a2b4-0000-7000-8000-000000000000&limit=101", "limit")]
    public async Task AWrongQueryNamesTheParameter(string path, string field)
    {
        var problem = await (await _service.Get(path)).ShouldBeProblem(400, "request.invalid");
        Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
    }

    [Fact]
    public async Task AnAnswerThatFailsHalfwayIsCutAndNotFinished() =>
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _service.Client.GetStringAsync("/half"));

    [Fact]
    public async Task ACallerWhoLeavesIsNoError()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var log = new Entries();
        await using var patient = await TestService.Start(
            app => app.MapGet("/endless", async (CancellationToken ct) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ended.SetResult();
                ct.ThrowIfCancellationRequested();
            }).Public(),
            builder =>
            {
                builder.Configuration["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning";
                builder.Configuration["Logging:LogLevel:FitFlow"] = "Debug";
                builder.Configuration["Logging:Console:LogLevel:Default"] = "None";
                builder.Logging.AddProvider(log);
            });
        using var leaving = new CancellationTokenSource();
        var call = patient.Client.GetAsync("/endless", leaving.Token);
        await begun.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task;
        await patient.App.StopAsync(); // Ends once the request has.
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task NoHeaderSaysWhatServesHere() => Assert.False((await _service.Get("/nowhere")).Headers.Contains("Server"));

    [Fact]
    public async Task HeadersBeyondTheLimitAreRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        for (var i = 0; i < 40; i++) request.Headers.Add($"X-Fill-{i}", new string('a', 1_000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await _service.Client.SendAsync(request)).StatusCode);
    }

    private async Task<HttpResponseMessage> PostText(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.PostAsync(path, content);
    }

    private sealed class Entries : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
