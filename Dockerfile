# Five images: `--target bot`, `--target worker` (CPU), `--target worker-cuda`, `--target trainer` and
# `--target reader`.
# Each runs as an ordinary user and writes only under /app/var.
FROM python:3.11-slim AS source
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY core core
COPY migrations migrations
COPY bot bot
COPY worker worker
COPY ml ml
COPY playground playground
COPY stack stack
COPY locales locales
RUN python -m venv /venv

FROM source AS bot-packages
RUN pip install -c constraints.txt -e '.[bot]'

FROM source AS worker-packages
RUN pip install -c constraints.txt -e '.[worker,s3]'

# torch from the package index carries CUDA on Linux.
FROM source AS worker-cuda-packages
RUN pip install -c constraints.txt -e '.[worker,s3,train]'

FROM source AS reader-packages
RUN pip install -c constraints.txt -e '.[reader]'

FROM source AS bot
COPY --from=bot-packages /venv /venv
RUN mkdir var && chown 10001:10001 var
USER 10001:10001
VOLUME /app/var
ENTRYPOINT ["python", "-m", "bot"]

FROM source AS worker
COPY models models
COPY --from=worker-packages /venv /venv
RUN mkdir var && chown 10001:10001 var
USER 10001:10001
VOLUME /app/var
ENV DEVICE=cpu
ENTRYPOINT ["python", "-m", "worker"]

FROM source AS trainer
COPY models models
COPY --from=worker-cuda-packages /venv /venv
RUN mkdir var && chown 10001:10001 var
USER 10001:10001
VOLUME /app/var
ENV DEVICE=cpu
ENTRYPOINT ["python", "-m", "worker.trainer"]

# It meets the whole web: no model, no file of ours, nothing to write.
FROM source AS reader
COPY --from=reader-packages /venv /venv
USER 10001:10001
ENTRYPOINT ["python", "-m", "worker.reader"]

FROM source AS worker-cuda
COPY models models
COPY --from=worker-cuda-packages /venv /venv
RUN mkdir var && chown 10001:10001 var
USER 10001:10001
VOLUME /app/var
ENV DEVICE=cuda
ENTRYPOINT ["python", "-m", "worker"]
