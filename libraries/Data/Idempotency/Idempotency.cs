using System.Security.Cryptography;
using System.Text;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FitFlow.Data.Idempotency;

/// <summary>
/// Does what came with a key once. The truth is the row that is written with the work: <see cref="KeyedRequest"/>. <see cref="Claims"/> only keep
/// another from beginning.
/// </summary>
internal sealed partial class Idempotency(Db db, Claims claims, TimeProvider clock, ILogger<Idempotency> log)
{
    public const string KeyHeader = "Idempotency-Key", ReplayedHeader = "Idempotency-Replayed";

    public const int LongestKey = 255;

    public async Task Run(HttpContext http, string pattern, RequestDelegate handle)
    {
        if (http.Request.Headers[KeyHeader] is not { Count: > 0 } named)
        {
            await handle(http);
            return;
        }

        if (named is not [{ Length: > 0 and <= LongestKey } key] || key.Any(c => c is < ' ' or > '~'))
        {
            await Problems.Invalid(KeyHeader, $"is 1 to {LongestKey} printable ASCII characters", "idempotency.key_invalid").ExecuteAsync(http);
            return;
        }

        var ct = http.RequestAborted;
        var request = new KeyedRequest(http, PersonOf(await Caller.BindAsync(http)), $"{http.Request.Method} {pattern}", key, await HashOf(http.Request, ct));
        await using var claim = await claims.Take(request, ct);
        if (await Replay(request, ct)) return;
        if (claim is null)
        {
            http.Response.Headers.RetryAfter = "1";
            await Problems.Conflict("idempotency.in_flight", "The first request with this key is still being worked on.").ExecuteAsync(http);
            return;
        }

        await Do(request, handle, ct);
    }

    private async Task Do(KeyedRequest request, RequestDelegate handle, CancellationToken ct)
    {
        var response = request.Http.Response;
        var (body, page) = (response.Body, new MemoryStream());
        response.Body = page; // Nothing is sent before it is certain that this is the answer.
        KeyedRequest.Current = request;
        try
        {
            await handle(request.Http);
            await response.CompleteAsync();
        }
        catch (AnsweredMeanwhile) when (!response.HasStarted)
        {
            request.IsBeaten = true;
        }
        finally
        {
            KeyedRequest.Current = null;
            response.Body = body;
        }

        if (!request.IsBeaten && !request.IsAnswered) await KeepAfterwards(request, page.ToArray(), ct);
        if (request.IsBeaten)
        {
            response.Clear();
            if (!await Replay(request, ct)) throw new InvalidOperationException("The first answer is gone.");
        }
        else if (page.Length > 0)
        {
            await body.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), ct);
        }
    }

    /// <summary>
    /// A refusal that no transaction decided stays one too; and who had done it meanwhile is found out here. A success ought to have been kept with its
    /// work: between the two this process may die.
    /// </summary>
    private async Task KeepAfterwards(KeyedRequest request, byte[] body, CancellationToken ct)
    {
        var response = request.Http.Response;
        var isSuccess = response.StatusCode is >= 200 and < 300;
        if (!isSuccess && response.StatusCode != StatusCodes.Status409Conflict) return;
        if (isSuccess) LogNotKept(request.Route, response.StatusCode);
        try
        {
            await db.Global().Execute(Answer.Insert, request.AnswerOf(response, body, clock.GetUtcNow()), ct);
        }
        catch (UniqueViolation)
        {
            request.IsBeaten = true;
        }
    }

    /// <summary>Says what was said the first time, if there was one.</summary>
    private async Task<bool> Replay(KeyedRequest request, CancellationToken ct)
    {
        if (await Answer.Find(db, request, ct) is not { } first) return false;

        var http = request.Http;
        if (!request.Hash.AsSpan().SequenceEqual(first.RequestHash))
        {
            await Problems.Of(StatusCodes.Status422UnprocessableEntity, "idempotency.key_reused", "This key was used for another request. Make a new one for each intention.")
                .ExecuteAsync(http);
            return true;
        }

        http.Response.StatusCode = first.Status;
        http.Response.Headers[ReplayedHeader] = "true";
        if (first.Location is not null) http.Response.Headers.Location = first.Location;
        if (first.ContentType is not null) http.Response.ContentType = first.ContentType;
        if (first.Body.Length > 0) await http.Response.Body.WriteAsync(first.Body, ct);
        return true;
    }

    private static Guid PersonOf(Caller? caller) => caller switch
    {
        null => throw new InvalidOperationException("A key belongs to whoever is signed in: Idempotent() is not for public routes."),
        { IsService: true } => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Token.Subject)).AsSpan(0, 16)),
        _ => caller.Id,
    };

    /// <summary>Of all that says what is asked for: where, in which studio, and what.</summary>
    private static async Task<byte[]> HashOf(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}{request.QueryString}\n{request.Headers["X-Studio-Id"]}\n"));
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, ct) is > 0 and var count) hash.AppendData(buffer.AsSpan(0, count));
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    [LoggerMessage(LogLevel.Error, "{Route} answers {Status} under a key, and no transaction kept that: its result is to be the answer, or to say it")]
    private partial void LogNotKept(string route, int status);
}
