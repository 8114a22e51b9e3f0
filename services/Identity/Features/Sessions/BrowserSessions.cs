using System.Security.Cryptography;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Sessions;

/// Where the refresh token of a session is kept: by the client itself, or by its browser in a cookie that no script can read.
internal enum SessionKind
{
    Token,
    Cookie,
}

/// The cookies of browser sessions, and what keeps other sites from using them: SameSite, an Origin that is ours, and a CSRF token that
/// belongs to the session, which a page of ours reads from its own cookie and sends back in a header.
internal sealed class BrowserSessions(IConfiguration configuration)
{
    public const string CsrfHeader = "X-CSRF-Token";

    private static readonly TimeSpan DeviceKeeps = TimeSpan.FromDays(180);

    // Cookies ignore ports: two checkouts on one machine would take each other's.
    private readonly string _suffix = configuration["Sessions:CookieSuffix"] ?? "";

    private readonly HashSet<string> _origins = new(
        (configuration.GetSection("Web:Origins").Get<string[]>() ?? []).Append(configuration["Web:Address"] ?? "").Select(origin => origin.TrimEnd('/')),
        StringComparer.OrdinalIgnoreCase);

    private string RefreshCookie => $"fitflow-refresh{_suffix}";

    private string CsrfCookie => $"fitflow-csrf{_suffix}";

    private string DeviceCookie => $"fitflow-device{_suffix}";

    public string? RefreshTokenIn(HttpContext http) => Short(http.Request.Cookies[RefreshCookie]);

    /// What tells this browser from all others, if somebody has signed in with it.
    public string? DeviceIn(HttpContext http) => Short(http.Request.Cookies[DeviceCookie]);

    /// Null when no other site's page is behind this request.
    public ProblemHttpResult? RefuseForeign(HttpContext http)
    {
        var headers = http.Request.Headers;
        var isForeign = (headers.Origin is [{ } origin] ? !_origins.Contains(origin) : headers.Origin.Count > 0)
            || headers["Sec-Fetch-Site"].ToString() is "cross-site";
        return isForeign ? Problems.Forbidden("sessions.foreign_origin", "This was asked from a page of another site.") : null;
    }

    /// Null when the request carries the CSRF token of the session; without one (not a browser's) its cookie is worth nothing.
    public static ProblemHttpResult? RefuseForged(HttpContext http, byte[]? csrfHash) =>
        csrfHash is not null && http.Request.Headers[CsrfHeader] is [{ Length: Secret.Length } token] && CryptographicOperations.FixedTimeEquals(Secret.Hash(token), csrfHash)
            ? null
            : Problems.Forbidden("sessions.csrf_invalid", $"The header {CsrfHeader} does not hold what the session's cookie says.");

    /// The answer's body; in a browser session its secrets go into cookies instead.
    public SignedIn.Response Answer(HttpContext http, SignedIn signedIn, string? device = null)
    {
        if (signedIn.Csrf is not { } csrf) return signedIn.Answer();

        http.Response.Cookies.Append(RefreshCookie, signedIn.RefreshToken, Hidden(SessionRows.Lifetime));
        http.Response.Cookies.Append(CsrfCookie, csrf, Readable(SessionRows.Lifetime));
        if (device is not null) http.Response.Cookies.Append(DeviceCookie, device, Hidden(DeviceKeeps));
        return signedIn.Answer() with { RefreshToken = null };
    }

    public void Clear(HttpContext http)
    {
        http.Response.Cookies.Delete(RefreshCookie, Hidden(TimeSpan.Zero));
        http.Response.Cookies.Delete(CsrfCookie, Readable(TimeSpan.Zero));
    }

    private static string? Short(string? value) => value is { Length: Secret.Length } ? value : null;

    private static CookieOptions Hidden(TimeSpan keeps) =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/api", MaxAge = keeps, IsEssential = true };

    private static CookieOptions Readable(TimeSpan keeps) =>
        new() { HttpOnly = false, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = keeps, IsEssential = true };
}
