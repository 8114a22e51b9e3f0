namespace FitFlow.Identity.Tests;

/// Who belongs to a studio of a test, and whom they coach there.
internal static class Belonging
{
    /// A person who is this in the studio from now on, signed in as such, whatever a route would say to it.
    public static async Task<Person> Take(this Studio studio, Person person, string roles)
    {
        await IdentityDb.Write(
            "INSERT INTO memberships_rows (tenant_id, owner_id, roles, since) VALUES (@Studio, @Person, @Roles, UTC_TIMESTAMP(6))",
            ("Studio", studio.Id), ("Person", person.Id), ("Roles", roles));
        return await studio.System.SignIn(person);
    }

    public static Task Coaches(this Studio studio, Person trainer, Person client) => IdentityDb.Write(
        "INSERT INTO coachings_rows (tenant_id, trainer_id, client_id, since) VALUES (@Studio, @Trainer, @Client, UTC_TIMESTAMP(6))",
        ("Studio", studio.Id), ("Trainer", trainer.Id), ("Client", client.Id));
}
