# One instance of Rubric. Data and config.toml live in /data: mount a folder there that uid 1000 may write.
# The process in it is found from outside only with server.bind = "0.0.0.0:8000".
FROM python:3.13-slim AS built
COPY . /rubric
WORKDIR /rubric
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-run.lock \
    && /venv/bin/pip install --no-cache-dir --no-deps . \
    && cd / && /venv/bin/python -c "from web.render import compile_all; compile_all()"

FROM python:3.13-slim
RUN useradd --create-home --home-dir /data --uid 1000 rubric
COPY --from=built /venv /venv
USER rubric
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# The first start of a new release changes tables before it listens.
HEALTHCHECK --start-period=120s --timeout=10s CMD ["/venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
ENTRYPOINT ["/venv/bin/rubric", "--config", "/data/config.toml"]
CMD ["serve"]
