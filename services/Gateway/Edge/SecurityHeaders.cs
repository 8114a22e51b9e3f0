namespace FitFlow.Gateway.Edge;

/// What browsers are told about each answer, an error's too.
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string ApiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private const string PagePolicy = $"{ApiPolicy}; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

    public Task InvokeAsync(HttpContext http)
    {
        // As the answer starts: an error clears what was said before, and a service's answer brings its own.
        http.Response.OnStarting(static state => Say((HttpContext)state), http);
        return next(http);
    }

    private static Task Say(HttpContext http)
    {
        var path = http.Request.Path;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase) ? PagePolicy : ApiPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        headers.Remove("Server");
        headers.Remove("X-Powered-By");

        // Nobody keeps what is said about a person, unless the service that says it knows better; what signs people in, never.
        if (IsAuth(path)) headers.CacheControl = "no-store";
        else if (path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private static bool IsAuth(PathString path) =>
        path.StartsWithSegments("/api/auth", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/api/v1/auth", StringComparison.OrdinalIgnoreCase);
}
