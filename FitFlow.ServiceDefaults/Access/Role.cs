using System.Text.Json;
using System.Text.Json.Serialization;

namespace FitFlow.ServiceDefaults;

/// <summary>
/// What a person is: on the platform, or in one studio. Import with <c>using static FitFlow.ServiceDefaults.Role</c>, so that a route reads
/// <c>.Allow(Admin, Trainer)</c>.
/// </summary>
[Flags]
public enum Role
{
    None = 0,
    Admin = 1,
    GymOwner = 2,
    Trainer = 4,
    Client = 8,

    /// <summary>Every person who is signed in; in a studio, every member of it. Not services.</summary>
    Everyone = Admin | GymOwner | Trainer | Client,
}

/// <summary>Roles as they are written in tokens and JSON.</summary>
public static class Roles
{
    private static readonly (Role Role, string Name)[] Names =
        [(Role.Admin, "admin"), (Role.GymOwner, "gym_owner"), (Role.Trainer, "trainer"), (Role.Client, "client")];

    /// <summary>The role of that name; <see cref="Role.None"/> for a name that is not known here, which gives no rights.</summary>
    public static Role Parse(string? name)
    {
        foreach (var known in Names)
        {
            if (string.Equals(known.Name, name, StringComparison.Ordinal)) return known.Role;
        }

        return Role.None;
    }

    internal static IEnumerable<string> All => Names.Select(known => known.Name);

    /// <summary>The names of every role in <paramref name="roles"/>.</summary>
    public static IReadOnlyList<string> NamesOf(Role roles) => [.. Names.Where(known => roles.HasFlag(known.Role)).Select(known => known.Name)];

    /// <summary>The name of exactly one role.</summary>
    public static string NameOf(Role role) => NamesOf(role) is [var name]
        ? name
        : throw new ArgumentOutOfRangeException(nameof(role), role, "One role is expected here.");
}

/// <summary>In JSON a role is one role: a request cannot smuggle in a second, nor everyone's, nor a number. None (a service's) is null.</summary>
internal sealed class RoleJson : JsonConverter<Role>
{
    public override Role Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Roles.Parse(reader.GetString()) is not Role.None and var role ? role : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Role value, JsonSerializerOptions options)
    {
        if (value == Role.None) writer.WriteNullValue();
        else writer.WriteStringValue(Roles.NameOf(value));
    }
}
