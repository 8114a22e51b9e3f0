using FitFlow.Contracts;
using Microsoft.Extensions.Hosting;

namespace FitFlow.Data.Events;

/// <summary>Every service tells again what it is asked for. Done twice, it tells twice, and the inbox of whoever asked drops the repeats.
/// That is also why a service that stops may leave it half-way: it begins again later.</summary>
internal sealed class AnswerReplay(EventLog log, IHostApplicationLifetime life) : Reaction<ReplayAsked>
{
    protected override Task React(ReplayAsked e, Transaction tx) => log.Replay(e.Type, e.Queue, e.Since, life.ApplicationStopping);
}
