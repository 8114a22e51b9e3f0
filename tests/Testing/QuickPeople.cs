using System.Security.Cryptography;
using System.Text.Json;
using FitFlow.Data.Encryption;
using FitFlow.ServiceDefaults;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.Extensions.Configuration;

namespace FitFlow.Testing;

/// <summary>
/// People by the thousand: rows in Identity's tables, and tokens signed as Identity does, with its own key. They have no password and no session,
/// so they cannot sign in or refresh; <see cref="StudioStory.Renewed"/> signs them a new token. Nobody was told of them by an event.
/// </summary>
public static class QuickPeople
{
    private const string SealedKey = "signing_keys.private_key";

    /// <summary>A person of no studio.</summary>
    public static async Task<Person> GivenSomebody(this RunningSystem system) => (await system.GivenPeople(1, studio: null, Role.None))[0];

    internal static async Task<IReadOnlyList<Person>> GivenPeople(this RunningSystem system, int count, Guid? studio, Role roles)
    {
        Guid[] ids = [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()))];
        await system.Identity().Write(
            """
            INSERT INTO users (id, email, role, first_name, last_name, created_at, email_verified_at)
            SELECT UNHEX(id), CONCAT(id, '@example.org'), 'client', 'Ada', 'Byron', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
            FROM JSON_TABLE(@Ids, '$[*]' COLUMNS (id CHAR(32) PATH '$')) AS people
            """, ("Ids", Json(ids)));
        if (studio is { } here) await system.Admit(ids, here, roles);

        IReadOnlyList<Membership> studios = studio is { } id ? [new Membership(id, roles)] : [];
        using var key = await system.SigningKey();
        var kid = Jwk.From(key).KeyId!;
        return [.. ids.Select(person => Signed(new Person(system, person, $"{person:N}@example.org", Password: "", Token: ""), studios, Role.Client, key, kid))];
    }

    /// <summary>They belong to this studio too from now on; their tokens do not know.</summary>
    internal static Task Admit(this RunningSystem system, IEnumerable<Guid> people, Guid studio, Role roles) => system.Identity().Write(
        """
        INSERT INTO memberships_rows (tenant_id, owner_id, roles, since)
        SELECT @Studio, UNHEX(id), @Roles, UTC_TIMESTAMP(6)
        FROM JSON_TABLE(@Ids, '$[*]' COLUMNS (id CHAR(32) PATH '$')) AS people
        """, ("Studio", studio), ("Roles", string.Join(',', Roles.NamesOf(roles))), ("Ids", Json(people)));

    /// <summary>With a token that says what is so now.</summary>
    public static async Task<Person> SignedAnew(this Person person)
    {
        var identity = person.System.Identity();
        var platform = await identity.Read<string>("SELECT role FROM users WHERE id = @Id", ("Id", person.Id));
        var studios = await identity.Read(
            "SELECT tenant_id, roles FROM memberships_rows WHERE owner_id = @Id ORDER BY tenant_id",
            row => new Membership(new Guid((byte[])row[0]!, bigEndian: true), Parse((string)row[1]!)), ("Id", person.Id));
        using var key = await person.System.SigningKey();
        return Signed(person, studios, Roles.Parse(platform[0]), key, Jwk.From(key).KeyId!);
    }

    private static Person Signed(Person person, IReadOnlyList<Membership> studios, Role platform, ECDsa key, string kid)
    {
        var now = TimeProvider.System.GetUtcNow();
        var all = studios.Aggregate(platform, (roles, studio) => roles | studio.Roles);
        var token = new AccessToken
        {
            Subject = person.Id.ToString(),
            Email = person.Email,
            Role = Enum.GetValues<Role>().First(role => role != Role.None && all.HasFlag(role)), // The one that may most comes first.
            Studios = studios,
            SessionId = Guid.CreateVersion7(now),
            TokenId = Guid.CreateVersion7(now).ToString(),
            Issuer = "fitflow-identity",
            Audience = "fitflow",
            IssuedAt = now,
            ExpiresAt = now + AccessToken.Lifetime,
        };
        return person with { Token = TokenWriter.Write(token, key, kid) };
    }

    /// <summary>The one that Identity signs with now.</summary>
    private static async Task<ECDsa> SigningKey(this RunningSystem system)
    {
        var (id, sealedKey, secret) = (await system.Identity().Read(
            """
            SELECT k.id, k.private_key, p.secret
            FROM signing_keys k
            JOIN person_keys p ON p.person_id = k.id
            ORDER BY k.signs_from <= UTC_TIMESTAMP(6) DESC, IF(k.signs_from <= UTC_TIMESTAMP(6), -k.generation, k.generation)
            LIMIT 1
            """, row => (new Guid((byte[])row[0]!, bigEndian: true), (byte[])row[1]!, (byte[])row[2]!)))[0];
        var master = new ConfigurationBuilder().AddInMemoryCollection([new("Encryption:MasterKeys:1", system.EncryptionKey)]).Build();
        var fields = new PersonFields(new KeyRing(master, TimeProvider.System), secret);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(fields.Decrypt(SealedKey, id, sealedKey)), out _);
        return key;
    }

    private static TestDb Identity(this RunningSystem system) => system.Database("identitydb");

    private static Role Parse(string set) => set.Split(',').Aggregate(Role.None, (all, name) => all | Roles.Parse(name));

    private static string Json(IEnumerable<Guid> ids) => JsonSerializer.Serialize(ids.Select(id => id.ToString("N")));
}
