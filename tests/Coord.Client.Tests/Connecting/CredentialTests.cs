using System.Text;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Credentials that a program hands out anew (client-sdk.md 3.2, Auth; 4.1, AuthFailed).</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly ScriptedCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_callback_is_asked_at_every_connect()
    {
        var asked = 0;
        var options = new CoordClientOptions
        {
            ConnectTimeout = TimeSpan.FromMinutes(1), AuthCallback = _ => Secret($"{++asked}"),
        };
        options.Auth.Add(AuthCredential.Digest("me", "fixed"));
        await using var coord = new CoordClient(cluster.ConnectionString, options);

        await coord.ConnectAsync().Soon();
        cluster.CutAll();
        await coord.SyncAsync().Soon();

        Assert.Equal(["me:fixed", "me:1", "me:fixed", "me:2"], cluster.Credentials);
    }

    [Fact]
    public async Task Credentials_that_are_refused_end_a_client_without_a_callback()
    {
        cluster.Refuse(OpCode.Auth, ErrorCode.AuthFailed);
        await using var coord = new CoordClient($"me:wrong@{cluster.ConnectionString}");

        await Assert.ThrowsAsync<AuthFailedException>(() => coord.ConnectAsync().Soon());
        await Assert.ThrowsAsync<AuthFailedException>(() => coord.GetAsync("/a").Soon());

        Assert.Equal(SessionState.AuthFailed, coord.State);
    }

    [Fact]
    public async Task With_a_callback_they_are_asked_for_again_after_half_a_minute()
    {
        var time = new FakeTimeProvider();
        cluster.Refuse(OpCode.Auth, ErrorCode.AuthFailed);
        var asked = 0;
        await using var coord = new CoordClient(
            cluster.ConnectionString,
            new CoordClientOptions
            {
                TimeProvider = time,
                ConnectTimeout = TimeSpan.FromMinutes(1),
                AuthCallback = _ => Secret($"{++asked}"),
            });
        await Assert.ThrowsAsync<AuthFailedException>(() => coord.ConnectAsync().Soon());

        await PassAsync(time, () => coord.State == SessionState.AuthFailed);
        await coord.ConnectAsync().Soon();

        Assert.Equal(["me:1", "me:2"], cluster.Credentials);
        Assert.Equal(SessionState.Connected, coord.State);
    }

    [Fact]
    public async Task A_client_that_waits_for_other_credentials_can_be_disposed()
    {
        cluster.Refuse(OpCode.Auth, ErrorCode.AuthFailed);
        var coord = new CoordClient(
            cluster.ConnectionString,
            new CoordClientOptions { ConnectTimeout = TimeSpan.FromMinutes(1), AuthCallback = _ => Secret("wrong") });
        await Assert.ThrowsAsync<AuthFailedException>(() => coord.ConnectAsync().Soon());

        await coord.DisposeAsync().Soon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => coord.ConnectAsync().Soon());
        Assert.Equal(SessionState.Closed, coord.State);
    }

    [Fact]
    public async Task A_callback_that_throws_fails_the_attempt_without_showing_its_message()
    {
        var (time, log) = (new FakeTimeProvider(), new LogProbe());
        var options = new CoordClientOptions
        {
            TimeProvider = time,
            LoggerFactory = log,
            ConnectTimeout = TimeSpan.FromMinutes(1),
            AuthCallback = _ => throw new InvalidOperationException("s3cret"),
        };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        var connecting = coord.ConnectAsync().AsTask();
        await log.WaitForAsync("AuthCallback");

        time.Advance(2 * options.RequestTimeout);
        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => connecting.Soon());

        Assert.Contains("AuthCallback threw InvalidOperationException", error.Attempts, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    private static ValueTask<IReadOnlyList<AuthCredential>> Secret(string password) =>
        new([new AuthCredential("digest", Encoding.UTF8.GetBytes($"me:{password}"))]);

    /// <summary>Lets time pass, second after second, while something holds.</summary>
    private static async Task PassAsync(FakeTimeProvider time, Func<bool> holds)
    {
        while (holds())
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
