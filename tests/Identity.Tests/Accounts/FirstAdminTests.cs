namespace FitFlow.Identity.Tests.Accounts;

public sealed class FirstAdminTests(RunningSystem system)
{
    [Fact]
    public async Task ALetterMadeTheAdminThatTheConfigurationNames()
    {
        var admin = await system.GivenAdmin();

        (await admin.Me()).GetProperty("role").GetString().ShouldBe("admin");
        (await admin.Get("/users")).ShouldBe(System.Net.HttpStatusCode.OK);
        Assert.Equal(1, await IdentityDb.Count("SELECT COUNT(*) FROM users WHERE email = @email", ("email", admin.Email)));
    }
}
