using System.Buffers.Binary;
using System.Text.Json;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>A studio that a person belongs to, and the roles held there.</summary>
public sealed record Membership(Guid Id, Role Roles);

/// <summary>What an access token says. A person's has a session; a service's subject is <c>service:</c> and its name, and its role <c>service</c>.</summary>
public sealed record AccessToken
{
    /// <summary>How long a token is good, and so how long a denial of older ones matters.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    internal const string ServicePrefix = "service:";
    internal const string ServiceRole = "service";

    /// <summary>What a service is called in its tokens.</summary>
    public static string SubjectOf(string service) => ServicePrefix + service;

    private readonly string _subject = "";

    public required string Subject
    {
        get => _subject;
        init
        {
            _subject = value;
            PersonId = Guid.TryParseExact(value, "D", out var id) ? id : null;
            Service = value.StartsWith(ServicePrefix, StringComparison.Ordinal) ? value[ServicePrefix.Length..] : null;
        }
    }

    public Guid? PersonId { get; private init; }

    public string? Service { get; private init; }

    public string? Email { get; init; }

    public Role Role { get; init; }

    public IReadOnlyList<Membership> Studios { get; init; } = [];

    public Guid? SessionId { get; init; }

    public required string TokenId { get; init; }

    public required string Issuer { get; init; }

    public required string Audience { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>
    /// <see cref="IssuedAt"/> to the millisecond, which <c>iat</c> does not have: the token's id is a UUIDv7 of that moment. An id that is none, or
    /// of another second, says nothing, and the second's beginning counts.
    /// </summary>
    public DateTimeOffset SignedAt
    {
        get
        {
            if (!Guid.TryParseExact(TokenId, "D", out var id) || id.Version != 7) return IssuedAt;
            Span<byte> bytes = stackalloc byte[16];
            id.TryWriteBytes(bytes, bigEndian: true, out _);
            var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
            return milliseconds / 1_000 == IssuedAt.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : IssuedAt;
        }
    }

    public DateTimeOffset? NotBefore { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Reads claims; null when one is missing or is not what it has to be.</summary>
    internal static AccessToken? Read(JsonElement claims)
    {
        if (claims.ValueKind != JsonValueKind.Object
            || Text(claims, "sub") is not { } sub
            || Text(claims, "role") is not { } role
            || Text(claims, "jti") is not { } jti
            || Text(claims, "iss") is not { } iss
            || Text(claims, "aud") is not { } aud
            || Instant(claims, "iat") is not { } iat
            || Instant(claims, "exp") is not { } exp
            || !TryOptional(claims, "nbf", Instant, out var nbf)
            || !TryStudios(claims, out var studios))
        {
            return null;
        }

        var token = new AccessToken
        {
            Subject = sub,
            Email = Text(claims, "email"),
            Role = Roles.Parse(role),
            Studios = studios,
            SessionId = Text(claims, "sid") is { } sid && Guid.TryParseExact(sid, "D", out var session) ? session : null,
            TokenId = jti,
            Issuer = iss,
            Audience = aud,
            IssuedAt = iat,
            NotBefore = nbf,
            ExpiresAt = exp,
        };
        return token.IsWhole(role) ? token : null;
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("iss", Issuer);
        json.WriteString("aud", Audience);
        json.WriteString("sub", Subject);
        if (Email is not null) json.WriteString("email", Email);
        json.WriteString("role", Service is null ? Roles.NameOf(Role) : ServiceRole);
        if (Studios.Count > 0)
        {
            json.WriteStartArray("studios");
            foreach (var studio in Studios)
            {
                json.WriteStartObject();
                json.WriteString("id", studio.Id);
                json.WriteStartArray("roles");
                foreach (var role in Roles.NamesOf(studio.Roles)) json.WriteStringValue(role);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (SessionId is { } session) json.WriteString("sid", session);
        json.WriteString("jti", TokenId);
        json.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
        if (NotBefore is { } nbf) json.WriteNumber("nbf", nbf.ToUnixTimeSeconds());
        json.WriteNumber("exp", ExpiresAt.ToUnixTimeSeconds());
        json.WriteEndObject();
    }

    // A person has an id and a session; a service has neither, and no person's role; nothing is both or neither.
    private bool IsWhole(string role) => Service is { Length: > 0 }
        ? role == ServiceRole && SessionId is null && Studios.Count == 0
        : PersonId is { } id && id != Guid.Empty && SessionId is not null && Role != Role.None;

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static DateTimeOffset? Instant(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static bool TryOptional<T>(JsonElement claims, string name, Func<JsonElement, string, T?> read, out T? value) where T : struct
    {
        value = read(claims, name);
        return value is not null || !claims.TryGetProperty(name, out _);
    }

    private static bool TryStudios(JsonElement claims, out IReadOnlyList<Membership> studios)
    {
        studios = [];
        if (!claims.TryGetProperty("studios", out var list)) return true;
        if (list.ValueKind != JsonValueKind.Array) return false;

        var found = new List<Membership>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object
                || Text(item, "id") is not { } text || !Guid.TryParseExact(text, "D", out var id)
                || !item.TryGetProperty("roles", out var roles) || roles.ValueKind != JsonValueKind.Array
                || roles.EnumerateArray().Any(role => role.ValueKind != JsonValueKind.String))
            {
                return false;
            }

            found.Add(new Membership(id, roles.EnumerateArray().Aggregate(Role.None, (all, role) => all | Roles.Parse(role.GetString()))));
        }

        studios = found;
        return true;
    }
}
