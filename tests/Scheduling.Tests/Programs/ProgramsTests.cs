using System.Net;
using FitFlow.Scheduling.Features.Programs;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;

namespace FitFlow.Scheduling.Tests.Programs;

public sealed class ProgramsTests(RunningSystem system) : IAsyncLifetime
{
    private Studio _studio = null!;
    private Person _client = null!;
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _studio = await system.GivenStudio();
        _client = await _studio.GivenClient();
        _app = await Start(system.Training.Address.ToString());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task WhetherAClientIsInAProgramIsWhatTrainingSays()
    {
        Assert.Equal("false", await Ask());

        var other = await _studio.GivenClient();
        await system.Training.Says(other.Id, ProgramAnswer.Active);
        Assert.Equal("true", await Ask(other));
    }

    [Fact]
    public async Task TheCallerAsksInTheirStudioAndOnceForAWhile()
    {
        await system.Training.Says(_client.Id, ProgramAnswer.Active);

        await Ask();
        await system.Training.Says(_client.Id, ProgramAnswer.Down);
        Assert.Equal("true", await Ask());

        Assert.Equal(new Asked(1, $"Bearer {_client.Token}", _studio.Id.ToString()), await system.Training.WasAsked(_client.Id));
    }

    [Fact]
    public async Task WhatWasSaidInOneStudioIsNotSaidInAnother()
    {
        await system.Training.Says(_client.Id, ProgramAnswer.Active);
        await Ask();
        var other = await system.GivenStudio();

        await Ask(await other.Admit(_client, Role.Client), other);

        Assert.Equal((2, other.Id.ToString()), await system.Training.WasAsked(_client.Id) is var asked ? (asked.Times, asked.Studio) : default);
    }

    [Theory]
    [InlineData(ProgramAnswer.Down)]
    [InlineData(ProgramAnswer.Hangs)]
    public async Task ANoHoldsForSecondsAndWhatCannotBeSaidNotAtAll(ProgramAnswer trouble)
    {
        await system.Training.Says(_client.Id, trouble);
        Assert.Equal("training is down", await Ask());

        await system.Training.Says(_client.Id, ProgramAnswer.None);
        Assert.Equal("false", await Ask());

        await system.Training.Says(_client.Id, ProgramAnswer.Active);
        await Eventually.Holds(async () => await Ask() == "true", "the no is forgotten by itself");
    }

    [Fact]
    public async Task WhileThereIsNoTrainingNobodyCanSay()
    {
        await _app.DisposeAsync();
        _app = await Start(training: null);

        Assert.Equal("training is down", await Ask());
    }

    private Task<WebApplication> Start(string? training) => PlayedScheduling.Start(
        system,
        builder =>
        {
            builder.Configure(("services:training:http:0", training ?? ""), ("Calls:Timeout", "00:00:02"));
            builder.AddPrograms();
        },
        app => app.MapGet("/asked/{client:guid}", async (Guid client, Features.Programs.Programs programs, CancellationToken ct) =>
        {
            try
            {
                return await programs.HasActive(client, ct) ? "true" : "false";
            }
            catch (DependencyDownException down)
            {
                return $"{down.Dependency} is down";
            }
        }).InStudio().Allow(Role.Everyone));

    private async Task<string> Ask(Person? client = null, Studio? studio = null)
    {
        using var http = (studio ?? _studio).Http(client ?? _client);
        var answer = await http.GetAsync(new Uri(new Uri(_app.Urls.Single()), $"/asked/{(client ?? _client).Id}"));
        answer.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }
}
