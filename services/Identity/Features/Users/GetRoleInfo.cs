using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Profiles;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

/// What other services and the app need to know of somebody as a trainer, or as a client.
internal static class GetRoleInfo
{
    public sealed record AsTrainer(
        IReadOnlyList<string> Certifications, IReadOnlyList<string> Specializations, int? YearsExperience, decimal? Rating);

    public sealed record AsClient(bool HealthClearance, FitnessLevel? FitnessLevel)
    {
        /// Not in the answer at all for those who may not read it.
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public EmergencyContact? EmergencyContact { get; init; }
    }

    public static async Task<Results<Ok<AsTrainer>, Ok<AsClient>, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpContext http, Db db, FieldEncryption encryption, AuditLog audit, CancellationToken ct,
        [StringLength(16)] string? role = null)
    {
        if (role is not (null or "trainer" or "client")) return Problems.Invalid("role", "is not one of: trainer, client");

        http.Response.Headers.CacheControl = "no-store";
        var tie = (await Ties.Of(caller, [id], db, ct)).GetValueOrDefault(id, Tie.None);
        if (tie.Sight == Sight.Nothing || await PersonView.Find(db, [id], ct) is not [var person]) return Problems.NotFound("users.unknown");

        if (role == "trainer" || (role is null && person.Trainer is not null)) return TypedResults.Ok(AsTrainerOf(person));
        return tie.Sight == Sight.Contact
            ? TypedResults.Ok(await AsClientOf(id, caller, tie.Studio, db, encryption, audit, ct))
            : Problems.NotFound("users.unknown");
    }

    private static AsTrainer AsTrainerOf(PersonView.Row person) =>
        new(person.Certifications ?? [], person.Specializations ?? [], person.YearsExperience, person.Rating);

    /// The contact is for the person, and for who is tied to them by a studio. An admin reads it there too, by the route of the whole profile; a
    /// service asks on nobody's behalf, so there is nobody whose reading could be recorded.
    private static async Task<AsClient> AsClientOf(
        Guid id, Caller caller, Guid? studio, Db db, FieldEncryption encryption, AuditLog audit, CancellationToken ct)
    {
        var mayReadContact = studio is not null || caller.Token.PersonId == id;
        var found = await db.ForPerson(id).InTransaction(async tx =>
        {
            var profile = await SealedProfile.Find(tx);
            if (mayReadContact && profile?.EmergencyContact is not null) await audit.Read(tx, caller, id, studio, SealedProfile.Contact);
            return profile;
        }, ct);

        var info = new AsClient(found?.HealthClearance ?? false, found?.FitnessLevel);
        return mayReadContact && found?.EmergencyContact is not null
            ? info with { EmergencyContact = found.OpenContact(await encryption.Of(db.Global(), id, ct), id) }
            : info;
    }
}
