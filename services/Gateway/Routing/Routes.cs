using FitFlow.Gateway.Limits;
using Microsoft.AspNetCore.Http.Timeouts;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace FitFlow.Gateway.Routing;

/// Who may come by a route, and how they are counted.
internal enum Entry
{
    /// Whoever has a valid access token.
    SignedIn,

    /// Anybody; the routes that sign people in.
    Public,

    /// Whoever has a valid access token, over a WebSocket, where browsers can only say it in the query.
    Live,

    /// Anybody who knows the address, which is a secret of its own.
    Feed,

    /// Anybody, as often as they like: what is published.
    Published,
}

/// What the world may reach, and which service answers it. What is not here does not exist outside.
internal static class Routes
{
    public const string Version = "v1";

    private sealed record Service(string Name, params string[] Prefixes);

    private static readonly Service[] Services =
    [
        new("identity", "auth", "users", "studios", "invitations", "audit"),
        new("training", "exercises", "workouts", "diet-plans", "programs"),
        new("scheduling", "availability", "bookings", "classes", "session-types", "rooms", "policies", "calendar", "me/bookings", "me/calendar"),
        new("progress", "metrics", "logs", "records", "goals", "milestones", "achievements", "analytics"),
        new("notifications", "notifications", "preferences", "subscriptions", "templates", "deliveries"),
        new("payments", "payments", "invoices", "refunds", "packages", "credits", "payouts"),
        new("messaging", "threads", "messages", "announcements"),
        new("files", "files"),
        new("insights", "events", "event-subscriptions", "reports", "retention"),
    ];

    private static readonly string[] Public =
    [
        "auth/register", "auth/verify-email", "auth/verify-email/resend", "auth/login", "auth/refresh", "auth/logout",
        "auth/forgot-password", "auth/reset-password", "auth/passkeys/sign-in/options", "auth/passkeys/sign-in",
    ];

    /// What programs fetch for people, again and again.
    private const string Feeds = "calendar/feeds";

    private static readonly string[] Live = ["notifications/live", "threads/live"];

    /// Under a prefix of the table, and still for services among themselves only.
    private static readonly string[] Inside = ["auth/service-token"];

    private static readonly string[] Roots = [$"/api/{Version}", "/api"];

    private static readonly Dictionary<string, string> ServiceOfPrefix =
        Services.SelectMany(service => service.Prefixes.Select(prefix => (prefix, service.Name))).ToDictionary(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> AllServices => Services.Select(service => service.Name);

    public static IEnumerable<string> InsideAddresses => Both(Inside);

    public static IEnumerable<RouteConfig> All() =>
    [
        .. ServiceOfPrefix.Keys.SelectMany(prefix => Below(prefix, Entry.SignedIn)),
        .. Live.SelectMany(path => Below(path, Entry.Live)),
        .. Public.SelectMany(path => Roots.Select(root => Exactly($"{root}/{path}", $"/api/{Version}/{path}", Entry.Public, "POST"))),
        .. Roots.Select(root => Feed($"{root}/{Feeds}", $"/api/{Version}/{Feeds}")),
        Exactly("/.well-known/jwks.json", "/.well-known/jwks.json", Entry.Published, "GET", "identity"),
    ];

    public static Entry EntryOf(RouteConfig route) => Enum.Parse<Entry>(route.Metadata![nameof(Entry)]);

    public static bool IsLive(PathString path) => Both(Live).Any(live => path.StartsWithSegments(live, StringComparison.OrdinalIgnoreCase));

    /// Whether that address of that service can be reached from outside.
    public static bool Reaches(string service, string path) =>
        path.StartsWith($"/api/{Version}/", StringComparison.OrdinalIgnoreCase)
        && OwnerOf(path[$"/api/{Version}/".Length..]) == service
        && !InsideAddresses.Any(inside => new PathString(path).StartsWithSegments(inside, StringComparison.OrdinalIgnoreCase));

    /// A prefix is one segment; or two, where what is one's own is in several services.
    private static string? OwnerOf(string path) =>
        path.Split('/') is [var first, .. var rest]
            ? ServiceOfPrefix.GetValueOrDefault(first) ?? (rest.Length > 0 ? ServiceOfPrefix.GetValueOrDefault($"{first}/{rest[0]}") : null)
            : null;

    private static IEnumerable<string> Both(string[] paths) => paths.SelectMany(path => Roots.Select(root => $"{root}/{path}"));

    private static IEnumerable<RouteConfig> Below(string path, Entry entry) => Roots.Select(root => new RouteConfig
    {
        RouteId = $"{root}/{path}",
        ClusterId = OwnerOf(path)!,
        Match = new RouteMatch { Path = $"{root}/{path}/{{**rest}}" },
        Metadata = Metadata(entry),
    }
    .WithTransformPathRouteValues($"/api/{Version}/{path}/{{**rest}}"));

    private static RouteConfig Exactly(string outside, string inside, Entry entry, string method, string? service = null) => new RouteConfig
    {
        RouteId = $"{method} {outside}",
        ClusterId = service ?? OwnerOf(inside[$"/api/{Version}/".Length..])!,
        Match = new RouteMatch { Path = outside, Methods = [method] },
        Metadata = Metadata(entry),
    }
    .WithTransformPathSet(inside);

    private static RouteConfig Feed(string outside, string inside) => new RouteConfig
    {
        RouteId = $"GET {outside}",
        ClusterId = OwnerOf(inside[$"/api/{Version}/".Length..])!,
        Match = new RouteMatch { Path = $"{outside}/{{{RateLimits.Feed}}}", Methods = ["GET"] },
        Metadata = Metadata(Entry.Feed),
    }
    .WithTransformPathRouteValues($"{inside}/{{{RateLimits.Feed}}}");

    private static Dictionary<string, string> Metadata(Entry entry) => new(StringComparer.Ordinal) { [nameof(Entry)] = entry.ToString() };
}
