using QwenEdit.Commands.Parameters;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>Once the body has been asked for, a submission that broke is unknown, and is never sent a second time.</summary>
public sealed class AmbiguousSubmissionTests
{
    [Fact]
    public Task A_reset_before_the_body_was_read() => AssertUnknown((_, connection) =>
    {
        connection.Reset();
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_reset_after_the_body_was_read() => AssertUnknown(async (request, connection) =>
    {
        await connection.ReadBodyAsync(request);
        connection.Reset();
    });

    [Fact]
    public Task A_connection_that_ends_without_an_answer() => AssertUnknown(async (request, connection) =>
    {
        await connection.ReadBodyAsync(request);
        connection.Close();
    });

    [Fact]
    public Task An_acceptance_that_is_cut_short() => AssertUnknown(async (request, connection) =>
    {
        await connection.ReadBodyAsync(request);
        await connection.AnswerAsync(RawAnswer.Accepted(), bodyBytes: 20);
        connection.Close();
    });

    [Fact]
    public async Task An_acceptance_that_is_cut_short_after_its_request_id_is_one()
    {
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await connection.AnswerAsync(RawAnswer.Accepted("id-7"), bodyBytes: 25);
            connection.Close();
        });
        using TestClient client = new(server.Url);

        Assert.Equal("id-7", (await client.SubmitAsync(TestClient.Payload())).RequestId);
    }

    [Fact]
    public Task A_500_whose_words_are_cut_short_is_not_the_gateways_own_word() => AssertUnknown(async (request, connection) =>
    {
        await connection.ReadBodyAsync(request);
        await connection.AnswerAsync(RawAnswer.Error(500), bodyBytes: 5);
        connection.Close();
    });

    [Fact]
    public async Task A_refusal_counts_even_where_its_words_are_cut_short()
    {
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await connection.AnswerAsync(RawAnswer.Error(403), bodyBytes: 5);
            connection.Close();
        });
        using TestClient client = new(server.Url);

        Assert.Equal(EditError.ModelForbidden, (await client.SubmitInVainAsync()).Error);
    }

    [Fact]
    public async Task No_answer_in_time()
    {
        await using RawServer server = new((request, connection) => connection.ReadBodyAsync(request));
        using TestClient client = new(server.Url);

        Task<QwenEditException> submission = client.SubmitInVainAsync(TestClient.Payload());
        await (await server.First.Soon()).Ended.Soon();
        client.Clock.Advance(SkippingClock.Limit);

        Assert.Equal(EditError.OutcomeUnknown, (await submission.Soon()).Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_cancellation_is_one_and_sends_nothing_again()
    {
        await using RawServer server = new((request, connection) => connection.ReadBodyAsync(request));
        using TestClient client = new(server.Url);
        using CancellationTokenSource cancellation = new();

        Task submission = client.SubmitAsync(TestClient.Payload(), cancellationToken: cancellation.Token);
        await (await server.First.Soon()).Ended.Soon();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submission.Soon());
        Assert.Single(server.Requests);
        Assert.Equal(0, client.Returned);
    }

    [Fact]
    public async Task A_kept_alive_connection_that_breaks_under_the_next_submission_never_carries_its_body_twice()
    {
        int count = 0;
        await using RawServer server = new(async (request, connection) =>
        {
            if (Interlocked.Increment(ref count) == 1)
            {
                await connection.ReadBodyAsync(request);
                await connection.AnswerAsync(RawAnswer.Accepted());
            }
            else
            {
                connection.Reset();
            }
        });
        using TestClient client = new(server.Url);
        await client.SubmitAsync(TestClient.Payload());

        QwenEditException failure = await client.SubmitInVainAsync(TestClient.Payload());

        Assert.Equal(EditError.OutcomeUnknown, failure.Error);
        Assert.Equal(1, server.ConnectionCount);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_kept_alive_connection_that_the_server_has_closed_meanwhile_does_no_harm()
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await connection.AnswerAsync(RawAnswer.Accepted());
            connection.Close();
            closed.TrySetResult();
        });
        using TestClient client = new(server.Url);
        await client.SubmitAsync(TestClient.Payload());
        await closed.Task;

        await client.SubmitAsync(TestClient.Payload());

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, server.ConnectionCount);
    }

    private static async Task AssertUnknown(Func<RawRequest, RawConnection, Task> serve)
    {
        await using RawServer server = new(serve);
        using TestClient client = new(server.Url);

        // Large enough that it can't lie in the buffers of two sockets.
        QwenEditException failure = await client.SubmitInVainAsync(TestClient.Payload(9_000_000));

        Assert.Equal(EditError.OutcomeUnknown, failure.Error);
        Assert.Equal(1, client.Tries);
        Assert.Equal(1, server.ConnectionCount);
        Assert.Single(server.Requests);
        Assert.Empty(client.Clock.Pauses);
    }
}
