using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FitFlow.ServiceDefaults;

/// <summary>JSON is UTF-8, and may say so in any way; the framework takes a quoted or unknown charset for a fault of ours.</summary>
internal sealed class JsonCharset(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.Charset.HasValue || !http.Request.HasJsonContentType()) return next(http);
        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return Problems.Plain(StatusCodes.Status415UnsupportedMediaType).ExecuteAsync(http);

        type.Charset = default;
        http.Request.ContentType = type.ToString();
        return next(http);
    }
}
