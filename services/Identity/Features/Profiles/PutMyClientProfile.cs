using System.ComponentModel.DataAnnotations;
using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Encryption;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Profiles;

internal static class PutMyClientProfile
{
    public sealed record Request(
        bool HealthClearance, FitnessLevel? FitnessLevel, EmergencyContact? EmergencyContact,
        [StringLength(4_000)] string? MedicalInfo, DateOnly? DateOfBirth, Address? Address)
    {
        public ClientProfile ToProfile() => new(HealthClearance, FitnessLevel, EmergencyContact, MedicalInfo, DateOfBirth, Address);
    }

    public static async Task<Results<Ok<ClientProfile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext http, Db db, FieldEncryption encryption, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (request.DateOfBirth is { } birth && !IsBirth(birth, clock)) return Problems.Invalid("date_of_birth", "is not a date on which somebody alive was born");

        var profile = request.ToProfile();
        var isKnown = await db.ForPerson(caller.Id).InTransaction(async tx =>
        {
            // The row of the account stands for all that is the person's: whoever erases them waits here, or we find nobody.
            if (!await People.Lock(tx, caller.Id)) return false;

            var fields = await encryption.Of(tx, caller.Id);
            var before = (await SealedProfile.Find(tx))?.Open(fields, caller.Id) ?? ClientProfile.Empty;
            await Write(tx, caller.Id, SealedProfile.Seal(profile, fields, caller.Id), clock);
            if (Differences(before, profile) is { Count: > 0 } changes) tx.Append(new UserUpdated(caller.Id, changes));
            return true;
        }, ct);

        return isKnown ? TypedResults.Ok(profile) : Problems.NotFound("users.unknown");
    }

    private static bool IsBirth(DateOnly birth, TimeProvider clock)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return birth <= today && birth >= today.AddYears(-130);
    }

    private static Task Write(Transaction tx, Guid person, SealedProfile profile, TimeProvider clock) => tx.Execute(
        """
        INSERT INTO client_profiles
            (owner_id, id, health_clearance, fitness_level, emergency_contact, medical_info, date_of_birth, address, updated_at)
        VALUES (@Person, @Person, @HealthClearance, @FitnessLevel, @EmergencyContact, @MedicalInfo, @DateOfBirth, @Address, @Now)
        ON DUPLICATE KEY UPDATE health_clearance = @HealthClearance, fitness_level = @FitnessLevel, emergency_contact = @EmergencyContact,
            medical_info = @MedicalInfo, date_of_birth = @DateOfBirth, address = @Address, updated_at = @Now
        """,
        new
        {
            person,
            profile.HealthClearance,
            profile.FitnessLevel,
            profile.EmergencyContact,
            profile.MedicalInfo,
            profile.DateOfBirth,
            profile.Address,
            Now = clock.GetUtcNow(),
        });

    /// Names only: what they hold is nobody's business.
    private static IReadOnlyList<string> Differences(ClientProfile before, ClientProfile after) => Changes.Among(
        ("health_clearance", before.HealthClearance != after.HealthClearance),
        ("fitness_level", before.FitnessLevel != after.FitnessLevel),
        (SealedProfile.Contact, before.EmergencyContact != after.EmergencyContact),
        (SealedProfile.Medical, before.MedicalInfo != after.MedicalInfo),
        (SealedProfile.Birth, before.DateOfBirth != after.DateOfBirth),
        (SealedProfile.Home, before.Address != after.Address));
}
