using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.Identity.Tests.Services;
using FitFlow.Identity.Tests.Studios;

namespace FitFlow.Identity.Tests.Members;

public sealed class GetMembersBatchTests(RunningSystem system)
{
    [Fact]
    public async Task AServiceLearnsWhatPeopleAreInAStudioAndWhoCoachesThem()
    {
        var studio = await system.GivenStudio();
        var (one, two, client, both) = (await studio.GivenMember("trainer"), await studio.GivenMember("trainer"), await studio.GivenMember("client"), await studio.GivenMember("trainer", "client"));
        var stranger = await system.GivenPerson();
        await studio.Assign(one, client);
        await studio.Assign(two, client);

        var answer = await Ask(studio, client.Id, both.Id, stranger.Id, client.Id, studio.Owner.Id).ShouldBeOk();

        var found = answer.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([client.Id, both.Id, stranger.Id, studio.Owner.Id], found.Select(member => member.GetProperty("user_id").GetGuid()));
        Assert.Equal(["client", "trainer,client", "", "gym_owner"], found.Select(member => string.Join(',', member.Roles())));
        Assert.All(found, member => Assert.Equal(("Ada Byron", true), (member.GetProperty("name").GetString(), member.GetProperty("is_active").GetBoolean())));
        Assert.Equal([one.Id, two.Id], found[0].GetProperty("trainer_ids").EnumerateArray().Select(id => id.GetGuid()));
        Assert.All(found.Skip(1), member => Assert.Empty(member.GetProperty("trainer_ids").EnumerateArray()));
        Assert.Empty(answer.GetProperty("unknown").EnumerateArray());
    }

    [Fact]
    public async Task InAnotherStudioTheyAreNothing()
    {
        var (studio, other) = (await system.GivenStudio(), await system.GivenStudio());
        var (trainer, client) = (await studio.GivenMember("trainer"), await studio.GivenMember("client"));
        await studio.Assign(trainer, client);

        var found = (await Ask(other, client.Id).ShouldBeOk()).GetProperty("data").EnumerateArray().Single();

        Assert.Empty(found.Roles());
        Assert.Empty(found.GetProperty("trainer_ids").EnumerateArray());
    }

    [Fact]
    public async Task WhoseAccountIsClosedIsNotActiveAndWhoWasErasedIsUnknown()
    {
        var studio = await system.GivenStudio();
        var (closed, erased) = (await studio.GivenMember("client"), await studio.GivenMember("client"));
        var nobody = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        (await (await system.GivenPerson("admin")).Post($"/users/{closed.Id}/deactivate")).ShouldBe(HttpStatusCode.NoContent);
        (await erased.Post("/users/me/erase", new { erased.Password })).ShouldBe(HttpStatusCode.OK);

        var answer = await Ask(studio, closed.Id, erased.Id, nobody).ShouldBeOk();

        var found = answer.GetProperty("data").EnumerateArray().Single();
        Assert.Equal((closed.Id, false), (found.GetProperty("user_id").GetGuid(), found.GetProperty("is_active").GetBoolean()));
        Assert.Equal([erased.Id, nobody], answer.GetProperty("unknown").EnumerateArray().Select(id => id.GetGuid()));
    }

    [Fact]
    public async Task NobodyButServicesAsksAndNoMoreThanTwoHundredAtOnce()
    {
        var studio = await system.GivenStudio();

        await studio.Post("/members/batch", new { user_ids = new[] { studio.Owner.Id } }).ShouldBeProblem(HttpStatusCode.Forbidden, "auth.forbidden");
        await Ask(studio, [.. Enumerable.Repeat(studio.Owner.Id, 201)]).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
        Assert.Empty((await Ask(studio).ShouldBeOk()).GetProperty("data").EnumerateArray());
    }

    private async Task<HttpResponseMessage> Ask(Studio studio, params Guid[] people)
    {
        var token = await (await system.AskForServiceToken(RunningSystem.AdmittedService, system.ServiceCredentials.Secret)).Read();
        using var http = new HttpClient { BaseAddress = system.Service("identity") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        http.DefaultRequestHeaders.Add("X-Studio-Id", studio.Id.ToString());
        return await http.PostAsJsonAsync(studio.Path("/members/batch"), new { user_ids = people });
    }
}
