namespace FitFlow.Gateway.Edge;

/// Takes away what only insiders may say (who somebody is, where a request comes from), and what is meant for the next hop only.
internal sealed class OutsideHeaders(RequestDelegate next)
{
    private static readonly string[] Prefixes = ["X-User-", "X-Tenant-", "X-Forwarded-", "X-Original-", "X-Envoy-", "X-Rewrite-", "X-HTTP-Method", "X-Method-"];

    private static readonly string[] Names =
        ["Forwarded", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP", "Via", "Proxy", "Keep-Alive", "TE", "Trailer"];

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.Connection is { Count: > 0 } connection) RemoveNamedBy(connection, headers);

        List<string>? found = null;
        foreach (var name in headers.Keys)
        {
            if (IsForInsiders(name)) (found ??= []).Add(name);
        }

        foreach (var name in found ?? []) headers.Remove(name);
        return next(http);
    }

    private static bool IsForInsiders(string name)
    {
        // An underscore is read as a dash in places where headers become variables.
        var plain = name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name;
        return Array.Exists(Prefixes, prefix => plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(Names, known => plain.Equals(known, StringComparison.OrdinalIgnoreCase));
    }

    /// "Connection: x" says that the header x is for us alone. What the connection itself needs stays.
    private static void RemoveNamedBy(Microsoft.Extensions.Primitives.StringValues connection, IHeaderDictionary headers)
    {
        foreach (var name in connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (!IsOneOf(name, "close", "keep-alive", "upgrade", "Host", "Content-Length", "Transfer-Encoding")) headers.Remove(name);
        }
    }

    private static bool IsOneOf(string name, params ReadOnlySpan<string> names)
    {
        foreach (var known in names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
