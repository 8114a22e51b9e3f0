using FitFlow.ServiceDefaults.Tokens;

namespace FitFlow.ServiceDefaults.Tests.Tokens;

public sealed class DenyListTests
{
    // In the middle of a second, so that there is time before and after in it.
    private readonly ManualClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() * 1_000) + 500));
    private readonly DenyList _list;

    public DenyListTests() => _list = new DenyList(_clock, new TokenOptions());

    [Theory]
    [InlineData(-600_000, true)]
    [InlineData(-400, true)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(400, false)]
    [InlineData(2_000, false)]
    public void WhatWasSignedBeforeIsDeniedAndWhatWasSignedAfterIsNotAlsoWithinASecond(int milliseconds, bool denied)
    {
        var person = NewId();
        _list.Add(new DeniedTokens(person, _clock.GetUtcNow()));

        Assert.Equal(denied, _list.Denies(SignedAt(_clock.GetUtcNow().AddMilliseconds(milliseconds), person)));
    }

    [Fact]
    public void TheMomentSurvivesTheWire()
    {
        var token = SignedAt(_clock.GetUtcNow(), NewId());
        var signer = new Signer();
        Assert.True(Base64Url.TryDecode(signer.Sign(token).Split('.')[1], out var claims));
        var read = AccessToken.Read(System.Text.Json.JsonDocument.Parse(claims).RootElement)!;

        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), read.IssuedAt.ToUnixTimeSeconds());
        Assert.Equal(_clock.GetUtcNow(), read.SignedAt);
    }

    [Fact]
    public void ASessionIsDeniedAndThePersonsOthersAreNot()
    {
        var person = NewId();
        var (ended, other) = (SignedAt(_clock.GetUtcNow(), person), SignedAt(_clock.GetUtcNow(), person));

        _list.Add(new DeniedTokens(ended.SessionId!.Value, _clock.GetUtcNow()));

        Assert.True(_list.Denies(ended));
        Assert.False(_list.Denies(other));
    }

    [Fact]
    public void WhateverOrderTheyComeInTheLatestCounts()
    {
        var person = NewId();
        var now = _clock.GetUtcNow();
        foreach (var ago in new[] { 60, 5, 30 }) _list.Add(new DeniedTokens(person, now.AddSeconds(-ago)));

        Assert.True(_list.Denies(SignedAt(now.AddSeconds(-6), person)));
        Assert.False(_list.Denies(SignedAt(now.AddSeconds(-4), person)));
    }

    [Theory]
    [InlineData("anything")]
    [InlineData("5f0c1c1e-7d5a-4b5e-9b39-0f6f1c2d3e4f")]
    public void AnIdWithoutATimeMeansTheBeginningOfItsSecond(string tokenId)
    {
        var token = SignedAt(_clock.GetUtcNow().AddMilliseconds(400), NewId()) with { TokenId = tokenId, IssuedAt = Second(_clock.GetUtcNow()) };
        _list.Add(new DeniedTokens(token.PersonId!.Value, _clock.GetUtcNow()));

        Assert.True(_list.Denies(token));
    }

    [Fact]
    public void AnIdOfAnotherSecondIsNotBelieved()
    {
        var token = SignedAt(_clock.GetUtcNow().AddSeconds(-10), NewId()) with { TokenId = Guid.CreateVersion7(_clock.GetUtcNow().AddMinutes(5)).ToString() };
        _list.Add(new DeniedTokens(token.PersonId!.Value, _clock.GetUtcNow()));

        Assert.True(_list.Denies(token));
    }

    [Fact]
    public void WhatHasExpiredIsForgottenAndNothingElse()
    {
        var (old, young) = (NewId(), NewId());
        _list.Add(new DeniedTokens(old, _clock.GetUtcNow()));
        _clock.Advance(AccessToken.Lifetime);
        _list.Add(new DeniedTokens(young, _clock.GetUtcNow()));
        _list.Forget();
        Assert.Equal(2, _list.Count); // Its tokens may still be good where the clock is behind.

        _clock.Advance(TimeSpan.FromSeconds(61));
        _list.Forget();

        Assert.Equal(1, _list.Count);
        Assert.True(_list.Denies(SignedAt(_clock.GetUtcNow().AddMinutes(-2), young)));
    }

    [Fact]
    public void NobodyIsLockedOutByADenialThatIsToComeTrueLater()
    {
        var person = NewId();
        _list.Add(new DeniedTokens(person, _clock.GetUtcNow().AddYears(1)));

        Assert.False(_list.Denies(SignedAt(_clock.GetUtcNow(), person)));
    }

    [Fact]
    public void ServicesAreNotDenied()
    {
        _list.WaitFor("identity");
        Assert.False(_list.Denies(Given.Service("training")));
        Assert.Equal("identity", Assert.Throws<DependencyDownException>(() => _list.Denies(SignedAt(_clock.GetUtcNow(), NewId()))).Dependency);

        _list.IsWhole();
        Assert.False(_list.Denies(SignedAt(_clock.GetUtcNow(), NewId())));
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private static DateTimeOffset Second(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private static AccessToken SignedAt(DateTimeOffset at, Guid person) =>
        Given.Person() with { Subject = person.ToString(), TokenId = Guid.CreateVersion7(at).ToString(), IssuedAt = Second(at), ExpiresAt = at.AddMinutes(15) };
}
