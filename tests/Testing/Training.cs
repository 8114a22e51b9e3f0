using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FitFlow.Testing;

/// <summary>What Training says when it is asked for a client's program.</summary>
public enum ProgramAnswer
{
    None,
    Active,
    Down,
    Hangs,
}

/// <summary>What Training was asked last about a client, and how often.</summary>
public sealed record Asked(int Times, string? Authorization, string? Studio);

/// <summary>Tells the stand-in for Training, wherever it runs, what to say about one client; nobody is in a program before that.</summary>
public sealed class Training(Uri address)
{
    public Uri Address => address;

    public async Task Says(Guid client, ProgramAnswer answer)
    {
        using var http = new HttpClient { BaseAddress = address };
        (await http.PutAsync($"/says/{client}/{answer}", content: null)).ShouldBe(HttpStatusCode.OK);
    }

    public async Task<Asked> WasAsked(Guid client)
    {
        using var http = new HttpClient { BaseAddress = address };
        return (await http.GetFromJsonAsync<Asked>($"/asked/{client}"))!;
    }
}

/// <summary>Stands in for Training until there is one: a system's only answer to whether somebody is in a program.</summary>
public sealed class TrainingStub : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, ProgramAnswer> _says = new();
    private readonly ConcurrentDictionary<Guid, Asked> _asked = new();
    private readonly WebApplication _app;

    private TrainingStub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPut("/says/{client:guid}/{answer}", (Guid client, ProgramAnswer answer) => { _says[client] = answer; });
        _app.MapGet("/asked/{client:guid}", (Guid client) => _asked.GetValueOrDefault(client, new Asked(0, null, null)));
        _app.MapGet("/api/v1/programs/client/{client:guid}/active", Answer);
    }

    public string Address => _app.Urls.Single();

    public static async Task<TrainingStub> Start()
    {
        var stub = new TrainingStub();
        await stub._app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> Answer(Guid client, HttpRequest request, CancellationToken ct)
    {
        _asked.AddOrUpdate(client, _ => Now(1), (_, before) => Now(before.Times + 1));
        switch (_says.GetValueOrDefault(client))
        {
            case ProgramAnswer.Active:
                return Results.Ok(new { id = client });
            case ProgramAnswer.Down:
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            case ProgramAnswer.Hangs:
                await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return Results.Empty;
            default:
                return Results.NotFound();
        }

        Asked Now(int times) => new(times, request.Headers.Authorization, request.Headers["X-Studio-Id"]);
    }
}
