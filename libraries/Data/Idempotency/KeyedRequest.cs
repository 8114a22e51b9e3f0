using Microsoft.AspNetCore.Http;

namespace FitFlow.Data.Idempotency;

/// <summary>The request with a key that is being worked on; ambient, so that its first transaction with an answer finds it.</summary>
internal sealed class KeyedRequest(HttpContext http, Guid person, string route, string key, byte[] hash)
{
    private static readonly AsyncLocal<KeyedRequest?> Ambient = new();

    public static KeyedRequest? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public HttpContext Http => http;

    public Guid Person => person;

    public string Route => route;

    public string Key => key;

    public byte[] Hash => hash;

    /// <summary>Whether an answer is kept already: what is done after it is no part of it.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether another request with this key was answered meanwhile: then that is the answer.</summary>
    public bool IsBeaten { get; set; }

    /// <summary>What is to be kept of a transaction's result: nothing if that is no answer, or says that it went wrong here.</summary>
    public static async Task<Answer?> AnswerOf(object? result, DateTimeOffset now) =>
        result is IResult answer && Current is { IsAnswered: false } request && await request.Write(answer, now) is { Status: < StatusCodes.Status500InternalServerError } kept
            ? kept
            : null;

    public Answer AnswerOf(HttpResponse response, byte[] body, DateTimeOffset now) =>
        new(person, route, key, hash, response.StatusCode, response.Headers.Location, response.ContentType, body, now);

    /// <summary>As ASP.NET writes it, byte for byte, since it is ASP.NET that writes it.</summary>
    private async Task<Answer> Write(IResult result, DateTimeOffset now)
    {
        using var body = new MemoryStream();
        var page = new DefaultHttpContext { RequestServices = http.RequestServices, TraceIdentifier = http.TraceIdentifier };
        (page.Request.Method, page.Request.Path, page.Request.Headers.Accept) = (http.Request.Method, http.Request.Path, http.Request.Headers.Accept);
        page.Response.Body = body;
        await result.ExecuteAsync(page);
        await page.Response.CompleteAsync();
        return AnswerOf(page.Response, body.ToArray(), now);
    }
}

/// <summary>Another request with this key has committed first: nothing of this one happened.</summary>
internal sealed class AnsweredMeanwhile(Exception cause) : Exception("The first request with this key has been answered.", cause);
