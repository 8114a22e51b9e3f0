using System.Buffers;
using System.Text;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Gateway.Edge;

/// An address that could mean one thing here and another thing behind is refused. No address of ours needs an escape, a dot segment or an empty
/// one, and no client of good will frames a body in two ways.
internal sealed class PlainRequests(RequestDelegate next)
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:@!$&'()*+,=/");

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    public Task InvokeAsync(HttpContext http)
    {
        if (!Array.Exists(Methods, method => method == http.Request.Method))
        {
            http.Response.Headers.Allow = string.Join(", ", Methods);
            return Problems.Of(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "This address does not take that method.").ExecuteAsync(http);
        }

        if (!HasPlainHeaders(http.Request)) return Refuse("A header holds more than plain letters.").ExecuteAsync(http);
        if (IsFramedTwice(http.Request)) return Refuse("The length of the body is given in two ways.").ExecuteAsync(http);
        return IsPlain(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
            ? next(http)
            : Refuse("The address is not written plainly: no escapes, no empty segments, no dots at the end of one.").ExecuteAsync(http);
    }

    internal static bool IsPlain(string target)
    {
        var path = target.AsSpan();
        if (path.IndexOf('?') is >= 0 and var query) path = path[..query];
        if (path is not ['/', ..] || path.ContainsAnyExcept(Plain)) return false;

        path = path[1..];
        if (path is [.., '/']) path = path[..^1];
        foreach (var range in path.Split('/'))
        {
            if (path[range] is [] or [.., '.'] && path.Length > 0) return false;
        }

        return true;
    }

    /// What the client library for the services behind would refuse to send, and count as their fault.
    private static bool HasPlainHeaders(HttpRequest request)
    {
        foreach (var (_, values) in request.Headers)
        {
            foreach (var value in values)
            {
                if (value is not null && !Ascii.IsValid(value)) return false;
            }
        }

        return true;
    }

    /// The server believes Transfer-Encoding and puts the length that was also given aside, under this name.
    private static bool IsFramedTwice(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && (request.Headers.ContainsKey("X-Content-Length") || request.Headers.ContentLength is not null);

    private static ProblemHttpResult Refuse(string detail) => Problems.Of(StatusCodes.Status400BadRequest, "request.malformed", detail);
}
